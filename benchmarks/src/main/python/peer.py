"""CPython's side of the benchmarks: multiprocessing doing the work that Procession does beside it.

    python3 peer.py WORKLOAD [--seconds S] [--warm-up S] [--method spawn|forkserver|fork]

Prints one line: the measured number, in the unit of the workload's row. Only what a child needs is
imported here, since a spawned child imports this file again and that time counts.
"""

import multiprocessing
import sys
import time

MESSAGE = "x" * 256
ECHO = b"x" * 64
LARGE = 1 << 20
MAX_ROUND = 500_000
MAP_SIZE = 200_000
IMAP_SIZE = 20_000
LARGE = 8 << 20


class Rounds:
    """Rounds of work, doubled until one takes a fifth of the time asked for."""

    def __init__(self, run, max_round):
        self.run = run
        self.max_round = max_round
        self.size = min(1_000, max_round)

    def rate(self, seconds):
        """Units of work a second, over at least that many seconds."""
        done = 0
        spent = 0.0
        while spent < seconds:
            start = time.perf_counter()
            self.run(self.size)
            took = time.perf_counter() - start
            done += self.size
            spent += took
            if took < seconds / 5:
                self.size = min(self.size * 2, self.max_round)
        return done / spent


def rate(run, options, max_round=1 << 62):
    rounds = Rounds(run, max_round)
    rounds.rate(options.warm_up)
    return rounds.rate(options.seconds)


def times(timed, seconds, at_least, untimed=None):
    """The seconds that each call of timed took; untimed is then given what it returned."""
    taken = []
    end = time.perf_counter() + seconds
    while len(taken) < at_least or time.perf_counter() < end:
        start = time.perf_counter()
        made = timed()
        taken.append(time.perf_counter() - start)
        if untimed:
            untimed(made)
    return taken


def percentile(taken, fraction):
    ordered = sorted(taken)
    return ordered[min(len(ordered) - 1, int(len(ordered) * fraction))]


def latency(timed, options, fraction, scale, at_least, untimed=None):
    times(timed, options.warm_up, 1, untimed)
    taken = times(timed, options.seconds, at_least, untimed)
    return percentile(taken, fraction) * scale


# --- what the children run


def nop():
    pass


def identity(x):
    return x


def putter(orders, queue, message=MESSAGE):
    while (n := orders.recv()) is not None:
        put = queue.put
        for _ in range(n):
            put(message)


def taker(orders, queue):
    while (n := orders.recv()) is not None:
        get = queue.get
        for _ in range(n):
            get()
        orders.send(n)


def sender(connection):
    while (n := connection.recv()) is not None:
        send = connection.send
        for _ in range(n):
            send(MESSAGE)


def large_sender(connection):
    message = bytes(LARGE)
    while (n := connection.recv()) is not None:
        send = connection.send_bytes
        for _ in range(n):
            send(message)


def echo(connection):
    while data := connection.recv_bytes():
        connection.send_bytes(data)


def contender(orders, lock, threads=1):
    def contend(seconds, rates):
        acquire, release = lock.acquire, lock.release
        pairs = 0
        start = now = time.perf_counter()
        while now - start < seconds:
            for _ in range(100):
                acquire()
                release()
            pairs += 100
            now = time.perf_counter()
        rates.append(pairs / (now - start))

    while (seconds := orders.recv()) is not None:
        rates = []
        if threads > 1:
            import threading

            others = [
                threading.Thread(target=contend, args=(seconds, rates))
                for _ in range(threads - 1)
            ]
            for other in others:
                other.start()
            contend(seconds, rates)
            for other in others:
                other.join()
        else:
            contend(seconds, rates)
        orders.send(sum(rates))


def turn_taker(orders, turned, turn, mine):
    while (n := orders.recv()) is not None:
        for _ in range(n):
            with turned:
                while turn.value != mine:
                    turned.wait()
                turn.value = 1 - mine
                turned.notify()
        orders.send(n)


def waiter(connection):
    connection.send("ready")
    connection.recv()


# --- the workloads


def queue_256B_1p1c(ctx, options):
    queue = ctx.Queue()
    to_putter, putter_end = ctx.Pipe()
    to_taker, taker_end = ctx.Pipe()
    children = [
        ctx.Process(target=putter, args=(putter_end, queue)),
        ctx.Process(target=taker, args=(taker_end, queue)),
    ]

    def run(n):
        to_taker.send(n)
        to_putter.send(n)
        to_taker.recv()

    return with_children(children, [to_putter, to_taker], lambda: rate(run, options, MAX_ROUND))


def simplequeue_256B_1p1c(ctx, options):
    return through(ctx, options, ctx.SimpleQueue(), MESSAGE, MAX_ROUND)


def queue_payload(size):
    def measure(ctx, options):
        largest = min(max(4, (256 << 20) // size), MAX_ROUND)
        return through(ctx, options, ctx.Queue(), bytes(size), largest) * size / 1e9

    return measure


def through(ctx, options, queue, message, largest):
    to_putter, putter_end = ctx.Pipe()
    to_taker, taker_end = ctx.Pipe()
    children = [
        ctx.Process(target=putter, args=(putter_end, queue, message)),
        ctx.Process(target=taker, args=(taker_end, queue)),
    ]

    def run(n):
        to_taker.send(n)
        to_putter.send(n)
        to_taker.recv()

    return with_children(children, [to_putter, to_taker], lambda: rate(run, options, largest))


def queue_256B_2p2c(ctx, options):
    queue = ctx.Queue()
    orders, children = [], []
    for work in (taker, taker, putter, putter):
        order, end = ctx.Pipe()
        orders.append(order)
        children.append(ctx.Process(target=work, args=(end, queue)))

    def run(n):
        for order, share in zip(orders, (n // 2, n - n // 2) * 2):
            order.send(share)
        orders[0].recv()
        orders[1].recv()

    return with_children(children, orders, lambda: rate(run, options, MAX_ROUND))


def pipe_1MiB(ctx, options):
    connection, end = ctx.Pipe()

    def run(n):
        connection.send(n)
        for _ in range(n):
            connection.recv_bytes()

    children = [ctx.Process(target=large_sender, args=(end,))]
    messages = with_children(children, [connection], lambda: rate(run, options, 20_000))
    return messages * LARGE / 1e9


def pipe_256B(ctx, options):
    here, there = ctx.Pipe()

    def run(n):
        here.send(n)
        recv = here.recv
        for _ in range(n):
            recv()

    child = ctx.Process(target=sender, args=(there,))
    return with_children([child], [here], lambda: rate(run, options, MAX_ROUND))


def pipe_roundtrip(fraction):
    def measure(ctx, options):
        here, there = ctx.Pipe()
        child = ctx.Process(target=echo, args=(there,))
        child.start()

        def run():
            here.send_bytes(ECHO)
            here.recv_bytes()

        result = latency(run, options, fraction, 1e6, 100)
        here.send_bytes(b"")
        child.join()
        return result

    return measure


def pairs(make):
    def uncontended(ctx, options):
        lock = make(ctx)

        def run(n):
            acquire, release = lock.acquire, lock.release
            for _ in range(n):
                acquire()
                release()

        return rate(run, options)

    return uncontended


def condition_pingpong(ctx, options):
    return turns(ctx, options, ctx.Condition())


def turns(ctx, options, turned):
    turn = ctx.RawValue("i", 0)
    ends = [ctx.Pipe() for _ in range(2)]
    children = [
        ctx.Process(target=turn_taker, args=(there, turned, turn, mine))
        for mine, (_, there) in enumerate(ends)
    ]
    orders = [here for here, _ in ends]

    def run(n):
        for order in orders:
            order.send(n // 2)
        for order in orders:
            order.recv()

    return with_children(children, orders, lambda: rate(run, options))


def array_get(make):
    def measure(ctx, options):
        array = make(ctx)
        length = len(array)

        def run(n):
            total = 0
            index = 0
            for _ in range(n):
                total += array[index]
                index = 0 if index == length - 1 else index + 1
            return total

        return rate(run, options)

    return measure


def lock_contended(contenders):
    def measured(ctx, options):
        lock = ctx.Lock()
        children, orders = sharing(ctx, contenders, contender, lock)

        def contend(seconds):
            for order in orders:
                order.send(seconds)
            return sum(order.recv() for order in orders)

        def measure():
            contend(options.warm_up)
            return contend(options.seconds)

        return with_children(children, orders, measure)

    return measured


def process_start_join(ctx, options):
    def run():
        child = ctx.Process(target=nop)
        child.start()
        child.join()

    return latency(run, options, 0.5, 1e3, 3)


def process_start_join_spaced(ctx, options):
    def run():
        child = ctx.Process(target=nop)
        child.start()
        child.join()

    return latency(run, options, 0.5, 1e3, 9, lambda _: time.sleep(0.5))


def pool_start_to_first_result(ctx, options):
    def first_result():
        pool = ctx.Pool(2)
        pool.apply(identity, (1,))
        return pool

    def end(pool):
        pool.close()
        pool.join()

    return latency(first_result, options, 0.5, 1e3, 3, end)


def pool_apply_roundtrip_p50(ctx, options):
    with ctx.Pool(2) as pool:
        return latency(lambda: pool.apply(identity, (1,)), options, 0.5, 1e6, 100)


def pool_map(workers):
    def measure(ctx, options):
        numbers = list(range(MAP_SIZE))
        with ctx.Pool(workers) as pool:

            def run(calls):
                for _ in range(calls):
                    pool.map(identity, numbers)

            return rate(run, options, 1) * MAP_SIZE

    return measure


def pool_imap_unordered_chunk1(ctx, options):
    numbers = list(range(IMAP_SIZE))
    with ctx.Pool(2) as pool:

        def run(calls):
            for _ in range(calls):
                for _ in pool.imap_unordered(identity, numbers, 1):
                    pass

        return rate(run, options, 1) * IMAP_SIZE


def pool_8MiB_argument(ctx, options):
    large = bytes(LARGE)
    with ctx.Pool(2) as pool:

        def run(calls):
            for _ in range(calls):
                pool.apply(len, (large,))

        return rate(run, options, 16) * LARGE / 1e9


def children(number, figure):
    """From the first start until all say that they run, in ms, or the memory of each, in MB."""

    def measure(ctx, options):
        start = time.perf_counter()
        idle = []
        for _ in range(number):
            mine, theirs = ctx.Pipe()
            child = ctx.Process(target=waiter, args=(theirs,))
            child.start()
            idle.append((child, mine))
        for _, mine in idle:
            mine.recv()
        taken = (time.perf_counter() - start) * 1e3
        result = taken if figure == "start" else sum(settled_pss(c.pid) for c, _ in idle) / number
        for child, mine in idle:
            mine.send(0)
            child.join()
        return result

    return measure


def idle_child_pss(ctx, options):
    here, there = ctx.Pipe()
    child = ctx.Process(target=waiter, args=(there,))

    def measure():
        here.recv()
        return settled_pss(child.pid)

    return with_children([child], [here], measure)


def settled_pss(pid):
    """MB (a million bytes) of a process's proportional set, once two readings agree."""
    before = -1.0
    now = pss(pid)
    while abs(now - before) > 0.01:
        time.sleep(0.2)
        before, now = now, pss(pid)
    return now


def pss(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as lines:
        for line in lines:
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError(f"no Pss in /proc/{pid}/smaps_rollup")


def sharing(ctx, threads, target, shared):
    """Children, four at most, among which so many threads are divided, and the pipes to them."""
    processes = min(threads, 4)
    ends = [ctx.Pipe() for _ in range(processes)]
    children = [
        ctx.Process(
            target=target,
            args=(there, shared, threads // processes + (i < threads % processes)),
        )
        for i, (_, there) in enumerate(ends)
    ]
    return children, [here for here, _ in ends]


def with_children(children, orders, measure):
    """Starts the children, measures, tells them to end by sending None, and joins them."""
    for child in children:
        child.start()
    result = measure()
    for order in orders:
        order.send(None)
    for child in children:
        child.join()
    return result


def over_tcp(ctx):
    """A manager that is reached by TCP; by default it is a Unix domain socket."""
    from multiprocessing.managers import SyncManager

    manager = SyncManager(address=("127.0.0.1", 0), ctx=ctx)
    manager.start()
    return manager


def managed(use, tcp=False):
    def measure(ctx, options):
        with over_tcp(ctx) if tcp else ctx.Manager() as manager:
            return rate(use(manager), options)

    return measure


def managed_rows(suffix, tcp):
    return {
        f"manager_queue_256B{suffix}": managed(managed_queue, tcp),
        f"manager_lock{suffix}": managed(managed_pairs(lambda manager: manager.Lock()), tcp),
        f"manager_rlock{suffix}": managed(managed_pairs(lambda manager: manager.RLock()), tcp),
        f"manager_condition_pingpong{suffix}": manager_condition_pingpong(tcp),
        f"manager_list_get{suffix}": managed(managed_list_get, tcp),
        f"manager_dict_call{suffix}": managed(managed_dict_call, tcp),
    }


def calling(orders, entries, threads):
    """So many threads, each with a connection of its own, call as often as is ordered."""
    from concurrent.futures import ThreadPoolExecutor

    def call(n):
        for _ in range(n):
            entries["key"]
        return n

    with ThreadPoolExecutor(threads) as callers:
        while (n := orders.recv()) is not None:
            orders.send(sum(callers.map(call, [n] * threads)))


def manager_clients(number):
    def measure(ctx, options):
        with over_tcp(ctx) as manager:
            entries = manager.dict({"key": 1})
            children, orders = sharing(ctx, number, calling, entries)

            def run(n):
                for order in orders:
                    order.send(max(1, n // number))
                for order in orders:
                    order.recv()

            def measured():
                rounds = Rounds(run, 1 << 62)
                rounds.size = number
                rounds.rate(options.warm_up)
                return rounds.rate(options.seconds)

            return with_children(children, orders, measured)

    return measure


def managed_queue(manager):
    queue = manager.Queue()

    def run(n):
        for _ in range(n):
            queue.put(MESSAGE)
            queue.get()

    return run


def managed_pairs(make):
    def use(manager):
        lock = make(manager)

        def run(n):
            for _ in range(n):
                lock.acquire()
                lock.release()

        return run

    return use


def managed_list_get(manager):
    elements = manager.list([1] * 1_000)

    def run(n):
        total = 0
        for i in range(n):
            total += elements[i % 1_000]
        return total

    return run


def managed_dict_call(manager):
    entries = manager.dict()

    def run(n):
        for _ in range(n // 2):
            entries["key"] = 1
            entries["key"]

    return run


def manager_condition_pingpong(tcp):
    def measure(ctx, options):
        with over_tcp(ctx) if tcp else ctx.Manager() as manager:
            return turns(ctx, options, manager.Condition())

    return measure


WORKLOADS = {
    "queue_256B_1p1c": queue_256B_1p1c,
    "queue_256B_2p2c": queue_256B_2p2c,
    "simplequeue_256B_1p1c": simplequeue_256B_1p1c,
    **{f"queue_payload_{4**i}": queue_payload(4**i) for i in range(2, 13)},
    "pipe_256B": pipe_256B,
    "pipe_1MiB": pipe_1MiB,
    "pipe_roundtrip_p50": pipe_roundtrip(0.50),
    "pipe_roundtrip_p99": pipe_roundtrip(0.99),
    "lock_uncontended": pairs(lambda ctx: ctx.Lock()),
    "rlock_uncontended": pairs(lambda ctx: ctx.RLock()),
    "semaphore_uncontended": pairs(lambda ctx: ctx.Semaphore(1)),
    "condition_pingpong": condition_pingpong,
    "rawarray_get": array_get(lambda ctx: ctx.RawArray("i", 1000)),
    "array_get_locked": array_get(lambda ctx: ctx.Array("i", 1000)),
    "lock_contended_2p": lock_contended(2),
    "process_start_join_spawn": process_start_join,
    "process_start_join_forkserver": process_start_join_spaced,
    "process_start_join_forkserver_burst": process_start_join,
    "pool_start_to_first_result": pool_start_to_first_result,
    "pool_apply_roundtrip_p50": pool_apply_roundtrip_p50,
    "pool_map_noop": pool_map(2),
    "pool_imap_unordered_chunk1": pool_imap_unordered_chunk1,
    "pool_8MiB_argument": pool_8MiB_argument,
    **{f"pool_map_{workers}": pool_map(workers) for workers in (1, 2, 4, 8)},
    **managed_rows("", False),
    **managed_rows("_tcp", True),
    **{f"lock_waiters_{n}": lock_contended(n) for n in (1, 2, 4, 8, 16, 32, 64)},
    **{
        f"manager_clients_{n}": manager_clients(n)
        for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000)
    },
    "idle_child_pss": idle_child_pss,
}
for figure in "start", "pss":
    for number in 1, 2, 5, 10, 20, 50, 100, 200:
        WORKLOADS[f"children_{figure}_{number}"] = children(number, figure)


def main():
    import argparse

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workload", choices=sorted(WORKLOADS))
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--warm-up", type=float, default=0.3)
    parser.add_argument("--method", default="spawn", choices=multiprocessing.get_all_start_methods())
    options = parser.parse_args()
    context = multiprocessing.get_context(options.method)
    print(WORKLOADS[options.workload](context, options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
