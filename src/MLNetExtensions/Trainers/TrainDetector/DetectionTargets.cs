using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Trainers.DensePrediction;
using MLNetExtensions.Training.Metrics.Detections;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Trainers.TrainDetector;

/// <summary>
/// The targets of a detector: its loss is in its network, and its other outputs are boxes (left, top, right, bottom) and scores, values first,
/// whose mean average precision is measured.
/// </summary>
/// <param name="objects">The objects of each row, in the pixels of the network.</param>
/// <param name="classes">The number of classes.</param>
/// <param name="anchors">The number of boxes of an image.</param>
/// <param name="iouThreshold">The overlap from which the weaker of two boxes of a class is dropped.</param>
/// <param name="fingerprint">A text that changes where the data do.</param>
internal sealed class DetectionTargets(IReadOnlyList<ImageBox[]> objects, int classes, int anchors, float iouThreshold, string fingerprint)
    : DenseTargets(1 + anchors * (4 + classes), fingerprint)
{
    // As many as COCO counts of a class; less likely ones change the figure little.
    private const int MostFound = 100,
        MostCandidates = 1000;
    private const float LeastScore = 0.01f;
    private static readonly double[] s_overlap = [0.5];

    private readonly List<ImageBoxes> _images = [];

    public override void BeginSet() => _images.Clear();

    public override OutputMeasures Measure(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs)
    {
        for (int row = 0; row < rows.Length; row++)
        {
            List<Detection> found = Find(outputs.Slice(row * Width + 1, Width - 1));
            ImageBox[] truth = objects[rows[row]];
            _images.Add(
                new ImageBoxes(
                    [.. truth.SelectMany(box => new[] { box.Left, box.Top, box.Right, box.Bottom })],
                    [.. truth.Select(box => box.Class)],
                    [.. truth.Select(box => box.IsCrowd)],
                    Detection.ValuesOf(found),
                    [.. found.Select(d => d.Class)],
                    [.. found.Select(d => d.Score)]
                )
            );
        }
        return default;
    }

    public override SetMeasures MeasureSet()
    {
        double[] precisions = [.. Enumerable.Range(0, classes).Select(AveragePrecision).Where(double.IsFinite)];
        return new SetMeasures(precisions.Length > 0 ? precisions.Average() : null, null);
    }

    private double AveragePrecision(int label)
    {
        var found = new List<FoundBox>();
        int count = 0;
        foreach (ImageBoxes image in _images)
            count += new BoxMatching(image, label, MostFound).Match(AreaRange.All, s_overlap, found);
        return new ClassEvaluation(found, count, s_overlap.Length).AveragePrecision(0);
    }

    private List<Detection> Find(ReadOnlySpan<float> values)
    {
        var found = new List<Detection>();
        for (int anchor = 0; anchor < anchors; anchor++)
        {
            int best = 0;
            for (int label = 1; label < classes; label++)
                if (values[(4 + label) * anchors + anchor] > values[(4 + best) * anchors + anchor])
                    best = label;
            float score = values[(4 + best) * anchors + anchor];
            if (score >= LeastScore)
                found.Add(
                    new Detection(
                        best,
                        score,
                        values[anchor],
                        values[anchors + anchor],
                        values[2 * anchors + anchor],
                        values[3 * anchors + anchor]
                    )
                );
        }
        if (found.Count > MostCandidates)
            found = [.. found.OrderByDescending(d => d.Score).Take(MostCandidates)];
        Detection.Suppress(found, iouThreshold, MostFound * classes);
        return found;
    }
}
