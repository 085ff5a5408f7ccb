package rlaif.monitor;

/// A number for each of many ids, in 24 to 48 bytes an id.
final class IdTable {
    private long[] high = new long[1024];
    private long[] low = new long[1024];
    private long[] numbers = new long[1024];
    private int size;

    interface Visitor {
        void visit(Id id, long number);
    }

    int size() {
        return size;
    }

    /// The number of `id`; 0 where it was never set.
    long get(Id id) {
        return numbers[place(id.high(), id.low())];
    }

    /// @param number not 0
    void set(Id id, long number) {
        if (number == 0) {
            throw new IllegalArgumentException("0 marks an absent id: " + id.hex());
        }
        int place = place(id.high(), id.low());
        if (numbers[place] == 0) {
            high[place] = id.high();
            low[place] = id.low();
            size++;
        }
        numbers[place] = number;
        if (size > numbers.length / 2) {
            grow();
        }
    }

    void forEach(Visitor visitor) {
        for (int place = 0; place < numbers.length; place++) {
            if (numbers[place] != 0) {
                visitor.visit(new Id(high[place], low[place]), numbers[place]);
            }
        }
    }

    private int place(long idHigh, long idLow) {
        int place = (int) (idLow ^ idHigh) & (numbers.length - 1);
        while (numbers[place] != 0 && (high[place] != idHigh || low[place] != idLow)) {
            place = (place + 1) & (numbers.length - 1);
        }
        return place;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        long[] oldNumbers = numbers;
        high = new long[oldNumbers.length * 2];
        low = new long[oldNumbers.length * 2];
        numbers = new long[oldNumbers.length * 2];
        for (int i = 0; i < oldNumbers.length; i++) {
            if (oldNumbers[i] != 0) {
                int place = place(oldHigh[i], oldLow[i]);
                high[place] = oldHigh[i];
                low[place] = oldLow[i];
                numbers[place] = oldNumbers[i];
            }
        }
    }
}
