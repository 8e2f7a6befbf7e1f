package io.procession.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.examples.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Who looks for a name of Python's finds it to the letter on the page for those who come from there.
class PythonNamesTest {
  private static final Path PAGE = Path.of("..", "docs", "guide", "coming-from-python.md");
  private static final Pattern CODE = Pattern.compile("`([^`\\n]*)`");
  private static final Pattern NAME = Pattern.compile("\\w+");

  /// Types, functions, methods and options of `processing`, of `multiprocessing` to 3.15, and of the process
  /// pools of `concurrent.futures`, in this order.
  private static final String NAMES =
      """
      ProcessExit Process stop activeChildren cpuCount currentProcess freezeSupport getName setName
      isDaemon setDaemon getPid getExitCode getAuthKey setAuthKey isAlive Connection sendbytes
      recvbytes recvbytes_into offset Queue maxsize BufferedQueue PipeQueue PosixQueue msgsize Lock
      Condition lock LocalManager Manager CreatorMethod callable proxytype exposed typeid BaseManager
      serveForever fromAddress Pool processes initializer initargs sharedctypes copy synchronized
      getobj getlock array value raw processing dummy dummy activeCount enumerate settrace setprofile Timer
      local
      multiprocessing group target name args kwargs daemon run start join timeout is_alive interrupt
      terminate kill close authkey exitcode pid ident sentinel current_process parent_process
      active_children cpu_count freeze_support get_logger log_to_stderr Pipe duplex JoinableQueue
      SimpleQueue RLock Semaphore BoundedSemaphore Event Barrier action maxtasksperchild Value Array
      RawValue RawArray get_context method get_start_method allow_none set_start_method force
      get_all_start_methods set_executable set_forkserver_preload on_error allow_connection_pickling
      reducer ProcessError BufferTooShort AuthenticationError TimeoutError ForkContext SpawnContext
      ForkServerContext
      put block get put_nowait get_nowait qsize empty full join_thread cancel_join_thread task_done
      acquire release locked get_value __enter__ __exit__ wait wait_for notify notify_all is_set set
      clear abort reset parties n_waiting broken SEM_VALUE_MAX
      send recv send_bytes size recv_bytes maxlength recv_bytes_into poll fileno closed readable
      writable connection Listener address family backlog accept last_accepted Client
      deliver_challenge digest_name answer_challenge XmlListener XmlClient families default_family
      arbitrary_address address_type
      serializer ctx shutdown_timeout get_server connect shutdown register method_to_typeid
      create_method SyncManager list dict Namespace BaseProxy AutoProxy MakeProxyType ListProxy
      DictProxy SetProxy IteratorProxy AcquirerProxy ConditionProxy EventProxy BarrierProxy
      NamespaceProxy ValueProxy ArrayProxy PoolProxy Token Server RemoteError SharedMemoryManager
      SharedMemory ShareableList
      create track buf unlink count index format shm len Synchronized get_obj get_lock
      SynchronizedArray SynchronizedString
      apply apply_async callback error_callback map chunksize map_async imap imap_unordered starmap
      starmap_async AsyncResult ready successful pool ThreadPool MaybeEncodingError RemoteTraceback
      reduction send_handle recv_handle ForkingPickler dump DupFd DupHandle duplicate steal_handle
      sendfds recvfds AbstractReducer resource_tracker ensure_running unregister getfd resource_sharer
      forkserver get_inherited_fds connect_to_new_process util Finalize register_after_fork is_exiting
      sub_debug debug info warn
      futures Executor submit buffersize cancel_futures ProcessPoolExecutor max_workers mp_context
      max_tasks_per_child terminate_workers kill_workers ThreadPoolExecutor InterpreterPoolExecutor
      Future cancel cancelled running done result exception add_done_callback
      set_running_or_notify_cancel set_result set_exception as_completed return_when CancelledError
      BrokenExecutor InvalidStateError BrokenThreadPool BrokenProcessPool BrokenInterpreterPool
      """;

  @Test
  void eachNameStandsOnThePage() throws Exception {
    Set<String> shown = new HashSet<>();
    for (String code : all(CODE, Page.read(PAGE).prose())) {
      shown.addAll(all(NAME, code));
    }

    assertThat(shown).containsAll(all(NAME, NAMES));
  }

  private static List<String> all(Pattern pattern, String text) {
    List<String> found = new ArrayList<>();
    for (MatchResult match : pattern.matcher(text).results().toList()) {
      found.add(match.group(match.groupCount()));
    }
    return found;
  }
}
