import sys
from multiprocessing import resource_tracker, shared_memory

name = sys.argv[1]
# [list]
elements = shared_memory.ShareableList(name=name)
print(list(elements))
elements[0] = "from py"
elements[4] = False
elements.shm.close()
resource_tracker.unregister(elements.shm._name, "shared_memory")
# [end]
