package rlaif.judging.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/// The addresses at which clouds hand out a machine's credentials: link-local ones (169.254.0.0/16,
/// fe80::/10) and the one that Amazon added for IPv6. No judge answers there, and a URL from a
/// configuration must not reach them.
final class LinkLocal {
    private static final InetAddress AMAZON = InetAddress.ofLiteral("fd00:ec2::254");

    private LinkLocal() {}

    /// Why a host that is written as an address must not be called; empty: it may, or is a name.
    static Optional<String> refusalOfLiteral(String host) {
        try {
            return refusal(host, InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// Why a host must not be called, with what it resolves to now; empty: it may. A name that does
    /// not resolve may: the call fails with its own error.
    static Optional<String> refusal(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                Optional<String> refusal = refusal(host, address);
                if (refusal.isPresent()) {
                    return refusal;
                }
            }
        } catch (UnknownHostException _) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<String> refusal(String host, InetAddress address) {
        return address.isLinkLocalAddress() || address.equals(AMAZON)
                ? Optional.of(
                        host
                                + " is the link-local address "
                                + address.getHostAddress()
                                + ", where machines keep their credentials; no judge is called"
                                + " there: configure another URL")
                : Optional.empty();
    }
}
