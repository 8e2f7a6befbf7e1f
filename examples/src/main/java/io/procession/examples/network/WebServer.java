package io.procession.examples.network;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.procession.Procession;
import io.procession.process.JvmProcess;
import io.procession.queue.SharedQueue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/// A web server whose processes share one port: each has a socket of its own at it (`SO_REUSEPORT`), and
/// the kernel gives each connection to one of them. A page says which process has made it. Arguments: how
/// many processes, and the port, 0 for any.
///
/// The JDK cannot take over a socket that another process has opened. Where both sides speak this library's
/// messages several processes can accept at one and the same socket: a
/// [Listener][io.procession.connection.Listener] can be sent.
public final class WebServer {
  private WebServer() {}

  public static void main(String[] args) throws Exception {
    int processes = Integer.parseInt(args[0]);
    try (SocketChannel holder = SocketChannel.open()) { // has the port, and never listens
      holder.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      holder.bind(at(Integer.parseInt(args[1])));
      int port = ((InetSocketAddress) holder.getLocalAddress()).getPort();
      SharedQueue<String> serving = Procession.queue();
      List<JvmProcess> workers = new ArrayList<>();
      for (int i = 0; i < processes; i++) {
        workers.add(Procession.start("web-" + i, () -> serve(port, serving)));
      }
      for (int i = 0; i < processes; i++) {
        serving.take();
      }
      System.out.println("http://localhost:" + port + "/ by " + processes + " processes");
      for (JvmProcess worker : workers) {
        worker.join();
      }
    }
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static void serve(int port, SharedQueue<String> serving) throws Exception {
    String name = Procession.currentProcess().name();
    try (ServerSocketChannel listening = ServerSocketChannel.open()) {
      listening.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      listening.bind(at(port));
      serving.put(name);
      while (true) {
        Socket client = listening.accept().socket();
        Thread.ofVirtual().start(() -> answer(client, name));
      }
    }
  }

  private static void answer(Socket client, String name) {
    try (client) {
      BufferedReader request =
          new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
      String first = request.readLine();
      for (String line = first; line != null && !line.isEmpty(); ) {
        line = request.readLine();
      }
      String page = first == null ? "" : "hello from " + name + "\n";
      client
          .getOutputStream()
          .write(
              ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n"
                      + "Content-Length: "
                      + page.length()
                      + "\r\n\r\n"
                      + page)
                  .getBytes(US_ASCII));
    } catch (IOException e) {
      System.err.println(name + ": " + e);
    }
  }
}
