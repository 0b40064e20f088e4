using System.Numerics.Tensors;

namespace MLNetExtensions.Quality;

/// <summary>
/// The joint distribution of given and true classes that out-of-fold probabilities speak for, and the rows that lie beside its diagonal
/// (confident learning, <see href="https://arxiv.org/abs/1911.00068">arXiv 1911.00068</see>, with cleanlab's rules).
/// </summary>
internal sealed class ConfidentJoint
{
    // No row reaches the threshold of a class without rows.
    private const float Never = 2;

    private const float Tolerance = 1e-6f;

    private readonly float[] _probabilities;
    private readonly int[] _labels;
    private readonly int _classes;

    /// <param name="probabilities">[rows, classes], of models that were not trained on the row.</param>
    /// <param name="labels">[rows]: the given classes, from 0.</param>
    /// <param name="classes">The number of classes.</param>
    public ConfidentJoint(float[] probabilities, int[] labels, int classes)
    {
        (_probabilities, _labels, _classes) = (probabilities, labels, classes);
        int[] counts = new int[classes];
        double[] sums = new double[classes];
        for (int row = 0; row < labels.Length; row++)
        {
            counts[labels[row]]++;
            sums[labels[row]] += P(row, labels[row]);
        }
        ClassCounts = counts;
        Thresholds = [.. sums.Select((sum, c) => counts[c] == 0 ? Never : (float)(sum / counts[c]))];
        Guesses = new int[labels.Length];
        RawCounts = new int[classes, classes];
        for (int row = 0; row < labels.Length; row++)
        {
            int best = -1;
            for (int c = 0; c < classes; c++)
                if (P(row, c) >= Thresholds[c] - Tolerance && (best < 0 || P(row, c) > P(row, best)))
                    best = c;
            Guesses[row] = best;
            if (best >= 0)
                RawCounts[labels[row], best]++;
        }
        Counts = Calibrate();
    }

    /// <summary>The number of rows of each given class.</summary>
    public int[] ClassCounts { get; }

    /// <summary>The mean probability of each class over the rows that are given it; 2 where there are none.</summary>
    public float[] Thresholds { get; }

    /// <summary>The class that each row is confidently taken for; -1 for none.</summary>
    public int[] Guesses { get; }

    /// <summary>[given, true]: the number of rows that are confidently taken for a class.</summary>
    public int[,] RawCounts { get; }

    /// <summary>The same, made to add up to the number of rows of each given class.</summary>
    public int[,] Counts { get; }

    /// <summary>The rows that a filter takes; never such whose most probable class is the given one.</summary>
    public bool[] Issues(LabelErrorFilter filter)
    {
        bool[] issues = filter switch
        {
            LabelErrorFilter.PruneByNoiseRate => ByNoiseRate(),
            LabelErrorFilter.PruneByClass => ByClass(),
            LabelErrorFilter.Both => [.. ByNoiseRate().Zip(ByClass(), (one, other) => one && other)],
            LabelErrorFilter.ConfidentLearning => [.. Guesses.Select((guess, row) => guess >= 0 && guess != _labels[row])],
            _ => [.. _labels.Select(_ => true)],
        };
        for (int row = 0; row < issues.Length; row++)
            issues[row] &= Predicted(row) != _labels[row];
        return issues;
    }

    /// <summary>The most probable class of a row.</summary>
    public int Predicted(int row) => TensorPrimitives.IndexOfMax<float>(Row(row));

    /// <summary>How good each label is.</summary>
    public float[] Qualities(LabelQualityMethod method)
    {
        float[] qualities = new float[_labels.Length];
        for (int row = 0; row < qualities.Length; row++)
            qualities[row] = method switch
            {
                LabelQualityMethod.NormalizedMargin => (P(row, _labels[row]) - LargestOther(row) + 1) / 2,
                LabelQualityMethod.Certainty => 1 - NormalizedEntropy(row),
                _ => P(row, _labels[row]),
            };
        return qualities;
    }

    private ReadOnlySpan<float> Row(int row) => _probabilities.AsSpan(row * _classes, _classes);

    private float P(int row, int c) => _probabilities[(row * _classes) + c];

    private float LargestOther(int row)
    {
        float largest = 0;
        for (int c = 0; c < _classes; c++)
            if (c != _labels[row])
                largest = MathF.Max(largest, P(row, c));
        return largest;
    }

    private float NormalizedEntropy(int row)
    {
        double entropy = 0;
        foreach (float p in Row(row))
            entropy -= p > 0 ? p * Math.Log(p) : 0;
        return (float)(entropy / Math.Log(Math.Max(2, _classes)));
    }

    private bool[] ByClass()
    {
        bool[] issues = new bool[_labels.Length];
        for (int c = 0; c < _classes; c++)
        {
            IEnumerable<int> least = RowsOf(c).OrderBy(row => P(row, c)).Take(ClassCounts[c] - Counts[c, c]);
            foreach (int row in least)
                issues[row] = true;
        }
        return issues;
    }

    private bool[] ByNoiseRate()
    {
        bool[] issues = new bool[_labels.Length];
        for (int given = 0; given < _classes; given++)
        {
            int[] rows = [.. RowsOf(given)];
            for (int other = 0; other < _classes; other++)
            {
                if (other == given || Counts[given, other] == 0)
                    continue;
                foreach (int row in rows.OrderByDescending(row => P(row, other) - P(row, given)).Take(Counts[given, other]))
                    issues[row] = true;
            }
        }
        return issues;
    }

    private IEnumerable<int> RowsOf(int c) => Enumerable.Range(0, _labels.Length).Where(row => _labels[row] == c);

    /// <summary>Rows of counts add up to the classes' sizes: rounded half to even, and the rest where rounding took or gave most.</summary>
    private int[,] Calibrate()
    {
        int[,] counts = new int[_classes, _classes];
        for (int given = 0; given < _classes; given++)
        {
            double[] raw = [.. Enumerable.Range(0, _classes).Select(c => (double)Math.Max(RawCounts[given, c], c == given ? 1 : 0))];
            double sum = raw.Sum();
            double[] exact = [.. raw.Select(value => value / sum * ClassCounts[given])];
            int[] rounded = [.. exact.Select(value => (int)Math.Round(value, MidpointRounding.ToEven))];
            for (int rest = ClassCounts[given] - rounded.Sum(); rest != 0; rest -= Math.Sign(rest))
            {
                int sign = Math.Sign(rest);
                // Of equal ones the first loses and the last gains, as in a stable sort.
                IEnumerable<int> places = Enumerable.Range(0, _classes);
                int at =
                    sign > 0
                        ? places.Reverse().MaxBy(c => exact[c] - rounded[c])
                        : places.Where(c => rounded[c] > 0).MinBy(c => exact[c] - rounded[c]);
                rounded[at] += sign;
            }
            for (int c = 0; c < _classes; c++)
                counts[given, c] = rounded[c];
        }
        return counts;
    }
}
