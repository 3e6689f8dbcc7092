package io.sallyport.bench.report;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Median and range of some numbers. */
public record Summary(int count, double median, double least, double most) {
    /** Empty if there are none; what is not a number is left out. */
    static Optional<Summary> of(Collection<Double> numbers) {
        double[] sorted =
                numbers.stream()
                        .mapToDouble(Double::doubleValue)
                        .filter(Double::isFinite)
                        .toArray();
        if (sorted.length == 0) {
            return Optional.empty();
        }
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median =
                sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return Optional.of(
                new Summary(sorted.length, median, sorted[0], sorted[sorted.length - 1]));
    }

    /** The median, and the range behind it where there is more than one number. */
    String text(int decimals) {
        String first = number(median, decimals);
        return count == 1
                ? first
                : first + " (" + number(least, decimals) + "–" + number(most, decimals) + ")";
    }

    static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
