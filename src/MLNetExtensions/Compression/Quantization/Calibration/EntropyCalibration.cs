namespace MLNetExtensions.Compression.Quantization.Calibration;

/// <summary>
/// Chooses the range that keeps most information: the smallest Kullback-Leibler divergence between the quantized distribution and that of
/// the values within the range, with those outside counted at its ends (TensorRT's calibration).
/// </summary>
public sealed record EntropyCalibration : CalibrationMethod
{
    internal override ValueRange Choose(ValueHistogram values, QuantizedType type) =>
        RangeSearch.Best(values, range => Divergence(values, range, type));

    private static double Divergence(ValueHistogram values, ValueRange range, QuantizedType type)
    {
        int first = Math.Clamp((int)((range.Low - values.Range.Low) / values.BinWidth), 0, values.Bins.Length - 1);
        int last = Math.Clamp((int)Math.Ceiling((range.High - values.Range.Low) / values.BinWidth) - 1, first, values.Bins.Length - 1);
        QuantizationParameters parameters = QuantizationParameters.Of(range, type);

        // Clipped values count at the ends of the reference, but not in the quantized distribution: so clipping has a cost.
        double[] reference = new double[last - first + 1];
        for (int bin = 0; bin < values.Bins.Length; bin++)
            reference[Math.Clamp(bin - first, 0, reference.Length - 1)] += values.Bins[bin];

        // The bins of one step share what they hold evenly among those that hold something.
        double[] left = new double[reference.Length];
        for (int start = 0; start < reference.Length; )
        {
            int step = parameters.Step(values.Center(first + start)),
                end = start;
            (double sum, int filled) = (0, 0);
            for (; end < reference.Length && parameters.Step(values.Center(first + end)) == step; end++)
                if (values.Bins[first + end] > 0)
                    (sum, filled) = (sum + values.Bins[first + end], filled + 1);
            for (int bin = start; bin < end; bin++)
                left[bin] = values.Bins[first + bin] > 0 ? sum / filled : 0;
            start = end;
        }
        double referenceTotal = reference.Sum(),
            leftTotal = left.Sum(),
            divergence = 0;
        if (leftTotal == 0)
            return double.PositiveInfinity;
        const double epsilon = 1e-9;
        for (int bin = 0; bin < reference.Length; bin++)
            if (reference[bin] > 0)
                divergence +=
                    reference[bin] / referenceTotal * Math.Log(reference[bin] / referenceTotal / Math.Max(left[bin] / leftTotal, epsilon));
        return divergence;
    }
}
