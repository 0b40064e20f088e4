namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>Precision and recall of one class over all images, in one range of areas.</summary>
internal sealed class ClassEvaluation
{
    private const int RecallSteps = 100;

    // The least difference from 1: no division by zero where nothing counts yet.
    private const double Least = 2.220446049250313e-16;

    private readonly FoundBox[] _found;
    private readonly int _thresholds;

    /// <param name="found">The found boxes of all images, image after image.</param>
    /// <param name="objects">The number of objects that should be found.</param>
    /// <param name="thresholds">The number of IoU thresholds.</param>
    public ClassEvaluation(IReadOnlyList<FoundBox> found, int objects, int thresholds)
    {
        // The order of images decides between equal scores.
        _found = [.. found.OrderByDescending(f => f.Score)];
        (Objects, _thresholds) = (objects, thresholds);
    }

    /// <summary>The number of objects that should be found.</summary>
    public int Objects { get; }

    /// <summary>The mean over the IoU thresholds of the average precision; NaN without objects.</summary>
    public double AveragePrecision() => Mean(t => AveragePrecision(t));

    /// <summary>The area under the precision-recall curve at one IoU threshold; NaN without objects.</summary>
    public double AveragePrecision(int threshold) => Objects == 0 ? double.NaN : Curve(threshold).Average();

    /// <summary>The mean over the IoU thresholds of the recall with so many boxes an image; NaN without objects.</summary>
    public double AverageRecall(int most) => Mean(t => Recall(t, most));

    /// <summary>The highest precision at each recall of 0, 0.01 to 1 or more; 0 for a recall that is not reached.</summary>
    public double[] Curve(int threshold)
    {
        List<double> precision = [],
            recall = [];
        int right = 0,
            wrong = 0;
        foreach (FoundBox box in _found)
        {
            if ((box.Ignored >> threshold & 1) == 0)
            {
                bool isRight = (box.Matched >> threshold & 1) == 1;
                right += isRight ? 1 : 0;
                wrong += isRight ? 0 : 1;
            }
            precision.Add(right / (right + wrong + Least));
            recall.Add((double)right / Objects);
        }
        for (int i = precision.Count - 1; i > 0; i--)
            precision[i - 1] = Math.Max(precision[i - 1], precision[i]);
        return AtRecalls(recall, i => precision[i], missing: 0);
    }

    /// <summary>The score of the box with which each recall of 0, 0.01 to 1 is reached; NaN for a recall that is not reached.</summary>
    public double[] Scores(int threshold)
    {
        int right = 0;
        List<double> recall = [];
        foreach (FoundBox box in _found)
        {
            right += (box.Matched >> threshold & 1) == 1 && (box.Ignored >> threshold & 1) == 0 ? 1 : 0;
            recall.Add((double)right / Objects);
        }
        return AtRecalls(recall, i => _found[i].Score, missing: double.NaN);
    }

    private static double[] AtRecalls(List<double> recall, Func<int, double> valueOf, double missing)
    {
        double[] values = new double[RecallSteps + 1];
        int at = 0;
        for (int step = 0; step <= RecallSteps; step++)
        {
            double least = step == RecallSteps ? 1 : step * 0.01;
            while (at < recall.Count && recall[at] < least)
                at++;
            values[step] = at < recall.Count ? valueOf(at) : missing;
        }
        return values;
    }

    private double Recall(int threshold, int most) =>
        (double)_found.Count(box => box.Rank < most && (box.Matched >> threshold & 1) == 1 && (box.Ignored >> threshold & 1) == 0)
        / Objects;

    private double Mean(Func<int, double> of) => Objects == 0 ? double.NaN : Enumerable.Range(0, _thresholds).Average(of);
}
