package rlaif.models.serving;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// A call that is not answered, as OpenAI says it: an HTTP status, and an error with message, type,
/// the parameter at fault and a code.
public final class RefusedCallException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int status;
    private final String type;
    private final String param;
    private final String code;

    private RefusedCallException(
            int status, String type, String param, String code, String message) {
        super(message);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
    }

    /// A request that asks for what cannot be.
    ///
    /// @param param the field at fault; empty: none
    /// @param code what is wrong, for machines; empty: nothing more than the status
    public static RefusedCallException invalid(
            int status, String param, String code, String message) {
        return new RefusedCallException(status, "invalid_request_error", param, code, message);
    }

    /// A field with a value that is not taken.
    public static RefusedCallException field(String param, String message) {
        return invalid(400, param, "", message);
    }

    /// More calls than are taken at once.
    static RefusedCallException busy(String message) {
        return new RefusedCallException(429, "rate_limit_error", "", "queue_full", message);
    }

    /// A failure of the server.
    static RefusedCallException server(int status, String code, String message) {
        return new RefusedCallException(status, "server_error", "", code, message);
    }

    int status() {
        return status;
    }

    ObjectNode body() {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode error = body.putObject("error");
        error.put("message", getMessage());
        error.put("type", type);
        putOrNull(error, "param", param);
        putOrNull(error, "code", code);
        return body;
    }

    private static void putOrNull(ObjectNode error, String name, String value) {
        if (value.isEmpty()) {
            error.putNull(name);
        } else {
            error.put(name, value);
        }
    }
}
