package rlaif.processors;

import rlaif.topics.Codecs;
import rlaif.topics.Connection;

/// Where the preference stage reads judgments and people's labels: its own topics, or those under
/// another prefix.
record JudgmentSource(Connection connection, Codecs codecs) {}
