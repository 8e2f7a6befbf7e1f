import sys
from multiprocessing.connection import Client

port = int(sys.argv[1])
# [peer]
with Client(('127.0.0.1', port), authkey=b'a better secret than this') as connection:
    connection.send_bytes(b'hello from Python')
    print(connection.recv_bytes().decode())
# [end]
