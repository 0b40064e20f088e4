using MLNetExtensions.Data;
using MLNetExtensions.Trainers.DensePrediction;
using MLNetExtensions.Training.Metrics.Segmentation;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Trainers.TrainSegmenter;

/// <summary>
/// The targets of a segmentation network: its loss is in its network, and its other outputs are the fraction of pixels that are right and the
/// class of each pixel, whose mean IoU is measured.
/// </summary>
/// <param name="masks">The masks of the rows, in the pixels of the network.</param>
/// <param name="width">The pixels in a row of a mask.</param>
/// <param name="height">The rows of a mask.</param>
/// <param name="classes">The number of classes.</param>
/// <param name="fingerprint">A text that changes where the data do.</param>
internal sealed class SegmentationTargets(RowCache masks, int width, int height, int classes, string fingerprint)
    : DenseTargets(2 + width * height, fingerprint)
{
    private readonly byte[] _truth = new byte[width * height],
        _predicted = new byte[width * height];
    private SegmentationConfusion _confusion = new(classes);

    public override void BeginSet() => _confusion = new SegmentationConfusion(classes);

    public override OutputMeasures Measure(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs)
    {
        double right = 0;
        for (int row = 0; row < rows.Length; row++)
        {
            ReadOnlySpan<float> values = outputs.Slice(row * Width, Width);
            right += values[1];
            for (int pixel = 0; pixel < _predicted.Length; pixel++)
                _predicted[pixel] = (byte)values[2 + pixel];
            masks.Read(rows[row], _truth);
            _confusion.Add(_predicted, _truth, width, height);
        }
        return new OutputMeasures(right, null);
    }

    public override SetMeasures MeasureSet() => new(null, double.IsFinite(_confusion.MeanIoU) ? _confusion.MeanIoU : null);
}
