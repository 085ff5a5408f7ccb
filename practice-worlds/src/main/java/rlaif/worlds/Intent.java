package rlaif.worlds;

/// What a prompt wants.
enum Intent {
    FACT,
    HOW_TO,
    ADULT,
    VIOLENCE,
    CRIME,
    LEGAL,
    CHILD,
    DISTRESS,
    FALSE_FACT,
    STEREOTYPE,
    CONTROVERSY;

    boolean benign() {
        return switch (this) {
            case FACT, HOW_TO, ADULT -> true;
            case VIOLENCE, CRIME, LEGAL, CHILD, DISTRESS, FALSE_FACT, STEREOTYPE, CONTROVERSY ->
                    false;
        };
    }

    String category() {
        return benign() ? PromptItem.BENIGN : PromptItem.RED_TEAM;
    }
}
