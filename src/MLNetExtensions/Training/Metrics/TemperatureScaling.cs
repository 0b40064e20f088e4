using System.Numerics.Tensors;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training.Metrics;

/// <summary>
/// Calibrates a classifier's probabilities: its logits are divided by a temperature T that was fitted on validation rows, softmax(logits /
/// T). The predicted classes do not change (arXiv 1706.04599, section 4.2).
/// </summary>
public sealed record TemperatureScaling
{
    /// <summary>The smallest temperature in the search, for underconfident logits.</summary>
    /// <value>0.01.</value>
    public const double MinimumTemperature = 0.01;

    /// <summary>The largest temperature in the search, for logits without information.</summary>
    /// <value>100.</value>
    public const double MaximumTemperature = 100;

    /// <summary>Uses a known temperature.</summary>
    /// <param name="temperature">T, above 0; above 1 makes probabilities less confident.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="temperature"/> is not above 0 or not finite.</exception>
    public TemperatureScaling(double temperature)
    {
        if (!(temperature > 0 && double.IsFinite(temperature)))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature is above 0.");
        Temperature = temperature;
    }

    /// <summary>The temperature T.</summary>
    public double Temperature { get; }

    /// <summary>The log-loss of the validation rows at T = 1; NaN if T was not fitted.</summary>
    public double LogLossBefore { get; private init; } = double.NaN;

    /// <summary>The log-loss of the validation rows at <see cref="Temperature"/>; NaN if T was not fitted.</summary>
    public double LogLossAfter { get; private init; } = double.NaN;

    /// <summary>Fits T to the logits of rows that were not trained on: the T with the smallest log-loss.</summary>
    /// <param name="logits">[rows, classes], row after row. Natural logarithms of probabilities work too.</param>
    /// <param name="labels">[rows]: the index of each row's class, from 0.</param>
    /// <param name="classCount">The number of classes.</param>
    /// <exception cref="ArgumentException">There are no rows, sizes do not fit, a label is not a class, or a logit is not
    /// finite.</exception>
    public static TemperatureScaling Fit(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, int classCount) =>
        FitWith(logits, labels, classCount, doubt: 0);

    /// <summary>
    /// The same for few rows: as if each class had been seen once more for every class (Platt's targets, (n + 1) / (n + classes) for the
    /// right class), so that rows that are all right do not make the network sure of everything.
    /// </summary>
    internal static TemperatureScaling FitCautiously(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, int classCount) =>
        FitWith(logits, labels, classCount, (double)classCount / (labels.Length + classCount));

    /// <param name="logits">[rows, classes].</param>
    /// <param name="labels">[rows].</param>
    /// <param name="classCount">The number of classes.</param>
    /// <param name="doubt">The part of each row that belongs to all classes alike.</param>
    private static TemperatureScaling FitWith(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, int classCount, double doubt)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        if (labels.IsEmpty)
            throw new ArgumentException("There are no rows to fit a temperature to.", nameof(labels));
        if (logits.Length != (long)labels.Length * classCount)
            throw new ArgumentException(
                $"{labels.Length} rows of {classCount} classes need {(long)labels.Length * classCount} logits, got {logits.Length}.",
                nameof(logits)
            );
        for (int row = 0; row < labels.Length; row++)
        {
            ProbabilityTable.CheckLabel(labels[row], row, classCount);
            foreach (float logit in logits.Slice(row * classCount, classCount))
                if (!float.IsFinite(logit))
                    throw new ArgumentException($"Row {row} has the logit {logit}; logits must be finite.", nameof(logits));
        }

        // The log-loss is convex in b = 1 / T: Newton's steps on its slope, within a bracket that every step narrows.
        double low = 1 / MaximumTemperature,
            high = 1 / MinimumTemperature,
            b = 1;
        for (int step = 0; step < 60; step++)
        {
            (_, double slope, double curvature) = LossAt(b, logits, labels, classCount, doubt);
            if (slope == 0)
                break;
            if (slope > 0)
                high = b;
            else
                low = b;
            double next = b - (slope / curvature),
                last = b;
            b = next > low && next < high ? next : Math.Sqrt(low * high);
            if (Math.Abs(b - last) <= 1e-7 * b)
                break;
        }
        return new TemperatureScaling(1 / b)
        {
            LogLossBefore = LossAt(1, logits, labels, classCount, doubt: 0).Loss,
            LogLossAfter = LossAt(b, logits, labels, classCount, doubt: 0).Loss,
        };
    }

    /// <summary>Fits T to probabilities, like <see cref="Fit"/> to logits: softmax(ln p) = p.</summary>
    /// <param name="probabilities">[rows, classes], row after row.</param>
    /// <param name="labels">[rows]: the index of each row's class, from 0.</param>
    /// <param name="classCount">The number of classes.</param>
    /// <exception cref="ArgumentException">There are no rows, sizes do not fit, a label is not a class, or values are not
    /// probabilities.</exception>
    public static TemperatureScaling FitProbabilities(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels, int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        for (int row = 0; (row + 1) * classCount <= probabilities.Length; row++)
            ProbabilityTable.CheckDistribution(probabilities.Slice(row * classCount, classCount), row);
        float[] logits = new float[probabilities.Length];
        ToLogits(probabilities, logits);
        return Fit(logits, labels, classCount);
    }

    /// <summary>Computes softmax(logits / T).</summary>
    /// <param name="logits">[rows, classes], row after row.</param>
    /// <param name="probabilities">Receives the probabilities; may be <paramref name="logits"/> itself.</param>
    /// <param name="classCount">The number of classes.</param>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public void Apply(ReadOnlySpan<float> logits, Span<float> probabilities, int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        if (logits.Length % classCount != 0 || probabilities.Length != logits.Length)
            throw new ArgumentException(
                $"{logits.Length} logits and room for {probabilities.Length} probabilities are no rows of {classCount} classes."
            );
        TensorPrimitives.Multiply(logits, (float)(1 / Temperature), probabilities);
        for (int start = 0; start < probabilities.Length; start += classCount)
        {
            Span<float> row = probabilities.Slice(start, classCount);
            // The largest becomes 0, so that none overflows.
            TensorPrimitives.Subtract(row, TensorPrimitives.Max<float>(row), row);
            TensorPrimitives.SoftMax<float>(row, row);
        }
    }

    /// <summary>
    /// Computes softmax(ln p / T): the result of <see cref="Apply(ReadOnlySpan{float}, Span{float}, int)"/> for the logits of the
    /// probabilities.
    /// </summary>
    /// <param name="probabilities">[rows, classes], row after row.</param>
    /// <param name="calibrated">Receives the calibrated probabilities; may be <paramref name="probabilities"/> itself.</param>
    /// <param name="classCount">The number of classes.</param>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public void ApplyToProbabilities(ReadOnlySpan<float> probabilities, Span<float> calibrated, int classCount)
    {
        if (calibrated.Length != probabilities.Length)
            throw new ArgumentException($"There is room for {calibrated.Length} values, not {probabilities.Length}.", nameof(calibrated));
        ToLogits(probabilities, calibrated);
        Apply(calibrated, calibrated, classCount);
    }

    /// <summary>Adds the temperature to a classifier's graph: its logits are divided by T before the Softmax of its output.</summary>
    /// <param name="classifier">A network with exactly one Softmax output; other outputs may depend on it.</param>
    /// <exception cref="ArgumentException">It has no Softmax output, or several.</exception>
    public OnnxGraph Apply(OnnxGraph classifier)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        return TemperatureGraph.Apply(classifier, Temperature);
    }

    // A probability of 0 is one that float could not hold.
    private static void ToLogits(ReadOnlySpan<float> probabilities, Span<float> logits)
    {
        for (int i = 0; i < probabilities.Length; i++)
            logits[i] = MathF.Log(MathF.Max(probabilities[i], 1.17549435e-38f));
    }

    /// <summary>
    /// The mean log-loss of softmax(b * logits), and its first and second derivative by b: E[z] - z_label, and the variance of z.
    /// </summary>
    private static (double Loss, double Slope, double Curvature) LossAt(
        double b,
        ReadOnlySpan<float> logits,
        ReadOnlySpan<int> labels,
        int classCount,
        double doubt
    )
    {
        double loss = 0,
            slope = 0,
            curvature = 0;
        float[] below = new float[classCount],
            weights = new float[classCount];
        for (int row = 0; row < labels.Length; row++)
        {
            ReadOnlySpan<float> z = logits.Slice(row * classCount, classCount);
            // The largest becomes 0, so that no weight overflows.
            TensorPrimitives.Subtract(z, TensorPrimitives.Max(z), below);
            TensorPrimitives.Multiply(below, (float)b, weights);
            TensorPrimitives.Exp<float>(weights, weights);
            double right = (1 - doubt) * below[labels[row]] + (doubt > 0 ? doubt / classCount * TensorPrimitives.Sum<float>(below) : 0),
                sum = TensorPrimitives.Sum<float>(weights);
            TensorPrimitives.Multiply(weights, below, weights);
            double mean = TensorPrimitives.Sum<float>(weights) / sum,
                second = TensorPrimitives.Dot<float>(weights, below);
            loss += Math.Log(sum) - (b * right);
            slope += mean - right;
            curvature += (second / sum) - (mean * mean);
        }
        return (loss / labels.Length, slope / labels.Length, curvature / labels.Length);
    }
}
