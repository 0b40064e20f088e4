namespace MLNetExtensions.Training.Metrics.Segmentation;

/// <summary>
/// Counts the pixels of each true and predicted class over images, and, if asked to, compares the outlines of classes. Not thread-safe:
/// threads count apart, and one adds the others.
/// </summary>
internal sealed class SegmentationConfusion
{
    /// <summary>The index of pixels that do not count, unless said otherwise (Pascal VOC, Cityscapes, PyTorch's examples).</summary>
    public const int DefaultIgnoredIndex = 255;

    /// <summary>The default tolerance of outlines, as a fraction of the image's diagonal (Csurka et al., BMVC 2013).</summary>
    public const double DefaultBoundaryTolerance = 0.0075;

    private readonly long[] _counts;
    private readonly int? _ignoredIndex;
    private readonly BoundaryScore? _boundary;
    private readonly double[] _boundaryF1;
    private readonly long[] _boundaryImages;

    /// <param name="classes">The number of classes, background included.</param>
    /// <param name="ignoredIndex">The index of true pixels that do not count; null if all count.</param>
    /// <param name="boundaryTolerance">The distance at which outlines still agree, as a fraction of the image's diagonal; null to leave
    /// outlines alone, which cost more time than all else.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no classes or more than 256, or the tolerance is negative.</exception>
    public SegmentationConfusion(int classes, int? ignoredIndex = DefaultIgnoredIndex, double? boundaryTolerance = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, 256);
        ClassCount = classes;
        _ignoredIndex = ignoredIndex;
        _counts = new long[classes * classes];
        _boundary = boundaryTolerance is { } tolerance ? new BoundaryScore(tolerance) : null;
        _boundaryF1 = new double[classes];
        _boundaryImages = new long[classes];
    }

    /// <summary>The number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>The number of images.</summary>
    public long Images { get; private set; }

    /// <summary>The number of pixels that do not count.</summary>
    public long Ignored { get; private set; }

    /// <summary>The number of pixels that count.</summary>
    public long Pixels => _counts.Sum();

    /// <summary>The fraction of pixels whose class is right; NaN without pixels.</summary>
    public double PixelAccuracy => Ratio(Enumerable.Range(0, ClassCount).Sum(Right), Pixels);

    /// <summary>The mean over classes with true pixels of the fraction of them that is right.</summary>
    public double MeanAccuracy => Mean(Accuracy);

    /// <summary>The mean IoU over the classes that are in the truth or the prediction; NaN without pixels.</summary>
    public double MeanIoU => Mean(IoU);

    /// <summary>The mean Dice over the classes that are in the truth or the prediction.</summary>
    public double MeanDice => Mean(Dice);

    /// <summary>The mean of IoU, each class weighed by its true pixels.</summary>
    public double FrequencyWeightedIoU => Ratio(Enumerable.Range(0, ClassCount).Where(c => True(c) > 0).Sum(c => True(c) * IoU(c)), Pixels);

    /// <summary>The mean boundary F1 over classes; NaN without outlines.</summary>
    public double MeanBoundaryF1 => Mean(BoundaryF1);

    /// <summary>The number of pixels of a true class that were predicted as another.</summary>
    public long Count(int truth, int predicted) => _counts[(truth * ClassCount) + predicted];

    /// <summary>The number of true pixels of a class.</summary>
    public long True(int label) => Enumerable.Range(0, ClassCount).Sum(p => Count(label, p));

    /// <summary>The number of pixels predicted as a class.</summary>
    public long Predicted(int label) => Enumerable.Range(0, ClassCount).Sum(t => Count(t, label));

    /// <summary>The intersection over the union of a class, over all images; NaN if it is in neither truth nor prediction.</summary>
    public double IoU(int label) => Ratio(Right(label), True(label) + Predicted(label) - Right(label));

    /// <summary>Twice the intersection over the sum of both areas, which is F1 of the pixels; NaN like <see cref="IoU"/>.</summary>
    public double Dice(int label) => Ratio(2 * Right(label), True(label) + Predicted(label));

    /// <summary>The fraction of a class's true pixels that is right (recall); NaN if there are none.</summary>
    public double Accuracy(int label) => Ratio(Right(label), True(label));

    /// <summary>The fraction of pixels predicted as a class that is right; NaN if there are none.</summary>
    public double Precision(int label) => Ratio(Right(label), Predicted(label));

    /// <summary>The mean boundary F1 of a class over the images where it has an outline in truth or prediction; NaN if there are
    /// none.</summary>
    public double BoundaryF1(int label) => Ratio(_boundaryF1[label], _boundaryImages[label]);

    /// <summary>Adds an image.</summary>
    /// <param name="predicted">[height, width] predicted class indices.</param>
    /// <param name="truth">[height, width] true class indices, or the ignored index.</param>
    /// <param name="width">The width in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    /// <exception cref="ArgumentException">A plane has another size, or an index is none of a class; the message names the
    /// pixel. Nothing was added.</exception>
    public void Add(ReadOnlySpan<byte> predicted, ReadOnlySpan<byte> truth, int width, int height)
    {
        if (predicted.Length != (long)width * height || truth.Length != predicted.Length)
            throw new ArgumentException(
                $"The image has {width} x {height} pixels, its prediction {predicted.Length} and its mask {truth.Length}. Expected as many."
            );
        for (int i = 0; i < truth.Length; i++)
        {
            if (truth[i] != _ignoredIndex && truth[i] >= ClassCount)
                throw Unknown("mask", truth[i], i, width);
            if (predicted[i] >= ClassCount)
                throw Unknown("prediction", predicted[i], i, width);
        }
        for (int i = 0; i < truth.Length; i++)
            if (truth[i] == _ignoredIndex)
                Ignored++;
            else
                _counts[(truth[i] * ClassCount) + predicted[i]]++;
        Images++;
        if (_boundary is null)
            return;
        for (int label = 0; label < ClassCount; label++)
            if (
                label != _ignoredIndex
                && (truth.Contains((byte)label) || predicted.Contains((byte)label))
                && _boundary.F1(predicted, truth, width, height, label, _ignoredIndex) is { } f1
            )
                (_boundaryF1[label], _boundaryImages[label]) = (_boundaryF1[label] + f1, _boundaryImages[label] + 1);
    }

    /// <summary>Adds what another counted.</summary>
    public void Add(SegmentationConfusion other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.ClassCount, ClassCount);
        for (int i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        for (int label = 0; label < ClassCount; label++)
        {
            _boundaryF1[label] += other._boundaryF1[label];
            _boundaryImages[label] += other._boundaryImages[label];
        }
        (Images, Ignored) = (Images + other.Images, Ignored + other.Ignored);
    }

    private long Right(int label) => Count(label, label);

    private double Mean(Func<int, double> of) =>
        Enumerable.Range(0, ClassCount).Select(of).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();

    private static double Ratio(double part, double whole) => whole == 0 ? double.NaN : part / whole;

    private ArgumentException Unknown(string plane, int index, int pixel, int width) =>
        new($"The {plane} has index {index} at x {pixel % width}, y {pixel / width}. Expected 0 to {ClassCount - 1}.");
}
