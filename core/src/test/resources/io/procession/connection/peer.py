"""The other end of a connection, by Python's own multiprocessing.connection, of any version.

peer.py FAMILY KEY ADDRESS listens there. Then it does what the lines of its input say:
accept               accepts one connection and sends back what comes, until the stream ends
connect ADDRESS KEY  the same with a connection that it opens
and prints for each what became of it.
"""
import sys
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener

family, key, place = sys.argv[1], sys.argv[2].encode('ascii'), sys.argv[3]


def say(*words):
    sys.stdout.write(' '.join(str(word) for word in words) + '\n')
    sys.stdout.flush()


def address(text):
    if family == 'AF_UNIX':
        return text
    host, _, port = text.rpartition(':')
    return (host, int(port))


def echo(connection):
    count = 0
    try:
        while True:
            connection.send_bytes(connection.recv_bytes())
            count += 1
    except EOFError:
        connection.close()
    return count


def attempt(connect):
    try:
        connection = connect()
    except AuthenticationError:
        say('unauthentic')
    except (EOFError, IOError, AssertionError):
        say('broken')
    else:
        say('echoed', echo(connection))


listener = Listener(address(place), family, authkey=key)
say('listening', listener.address if family == 'AF_UNIX' else '%s:%d' % listener.address)
while True:
    words = sys.stdin.readline().split()
    if not words:
        break
    if words[0] == 'accept':
        attempt(listener.accept)
    else:
        attempt(lambda: Client(address(words[1]), authkey=words[2].encode('ascii')))
listener.close()
