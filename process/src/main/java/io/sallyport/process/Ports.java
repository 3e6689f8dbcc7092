package io.sallyport.process;

/**
 * A range of ports.
 *
 * @param first the lowest, from 1 on
 * @param last the highest, not below the first
 */
public record Ports(int first, int last) {
    public Ports {
        if (first < 1 || last > 65_535 || first > last) {
            throw new IllegalArgumentException("ports out of range: " + first + "-" + last);
        }
    }

    public int count() {
        return last - first + 1;
    }

    public boolean contains(int port) {
        return first <= port && port <= last;
    }

    public boolean overlaps(Ports other) {
        return first <= other.last && other.first <= last;
    }

    /** {@code 50000-50099}. */
    @Override
    public String toString() {
        return first == last ? String.valueOf(first) : first + "-" + last;
    }
}
