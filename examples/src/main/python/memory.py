import sys
from multiprocessing import resource_tracker, shared_memory

name = sys.argv[1]
# [memory]
memory = shared_memory.SharedMemory(name=name)
print(memory.size, memory.buf[0])
memory.buf[1] = 66
memory.close()
resource_tracker.unregister(memory._name, "shared_memory")
# [end]
