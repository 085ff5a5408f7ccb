package rlaif.worlds;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// A request that the simulated judge does not understand, as the client's error it is.
final class RefusedRequestException extends RuntimeException {
    private final int status;

    RefusedRequestException(int status, String message) {
        super(message);
        this.status = status;
    }

    /// HTTP status, 4xx.
    int status() {
        return status;
    }

    /// The error in OpenAI's shape.
    ObjectNode body(ObjectMapper json) {
        ObjectNode body = json.createObjectNode();
        ObjectNode error = body.putObject("error");
        error.put("message", "simulated judge: " + getMessage());
        error.put("type", "invalid_request_error");
        error.putNull("param");
        error.putNull("code");
        return body;
    }
}
