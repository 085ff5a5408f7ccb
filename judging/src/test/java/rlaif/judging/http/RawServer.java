package rlaif.judging.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// A socket on loopback that reads a request's head and then does as a test says: what an HTTP
/// server would not.
final class RawServer implements AutoCloseable {
    /// What it does with one connection.
    interface Misbehaviour {
        void with(Socket socket, OutputStream out) throws IOException, InterruptedException;
    }

    final AtomicLong bytesWritten = new AtomicLong();
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    RawServer(Misbehaviour misbehaviour) throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(() -> accept(misbehaviour));
    }

    private void accept(Misbehaviour misbehaviour) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket, misbehaviour));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void serve(Socket socket, Misbehaviour misbehaviour) {
        try (socket) {
            readHead(socket.getInputStream());
            misbehaviour.with(socket, socket.getOutputStream());
        } catch (IOException _) {
            // the other side gave up, which is what most tests are about
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void readHead(InputStream in) throws IOException {
        InputStream buffered = new BufferedInputStream(in);
        int last = 0;
        while (last != 0x0d0a0d0a) {
            int read = buffered.read();
            if (read < 0) {
                return;
            }
            last = last << 8 | read;
        }
    }

    /// Writes until the other side gives up.
    void endless(OutputStream out, String head, byte[] chunk) throws IOException {
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        while (true) {
            out.write(chunk);
            bytesWritten.addAndGet(chunk.length);
        }
    }

    JudgeEndpoint endpoint(Duration deadline) {
        return new JudgeEndpoint(
                "hostile",
                URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1"),
                "m",
                ApiKey.of("sk-secret-12345"),
                deadline);
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
