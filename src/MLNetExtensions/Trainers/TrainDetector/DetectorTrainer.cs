using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Boxes;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx.Networks.Detection;
using MLNetExtensions.Trainers.DensePrediction;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Checkpoints;

namespace MLNetExtensions.Trainers.TrainDetector;

/// <summary>Trains a detector.</summary>
/// <inheritdoc/>
internal sealed class DetectorTrainer(MLContext context, IHost host, IChannel channel, TrainDetectorOptions options)
    : DenseTrainer(context, host, channel, options)
{
    // The layers of each tower.
    private const int TowerLayers = 2;

    private readonly List<ImageBox[]> _objects = [];
    private IReadOnlyList<string>? _classes;

    public override IReadOnlyList<string> Classes => _classes!;

    // Black, as images are padded with.
    protected override Augmentation DefaultAugmentation => Augment.ForDetection(fill: 0);

    protected override IReadOnlyList<int> Strides { get; } = [8, 16, 32];

    private int MostObjects => Math.Max(1, _objects.Max(boxes => boxes.Length));

    protected override Action<long, ImageSize> Begin(IDataView data)
    {
        var columns = new BoxColumns(data.Schema, options.LabelColumnName, options.BoundingBoxesColumnName);
        _classes ??= columns.Classes;
        int[] classOf = ClassMatch.Of(_classes, columns.Classes);
        List<ImageBox[]> boxes = columns.Read(data);
        return (row, size) => _objects.Add(Place(boxes[(int)row], classOf, size, row));
    }

    protected override DenseGraphs CreateGraphs(DenseBackbone backbone, int seed)
    {
        var detector = new DetectionGraph(backbone.Maps, new DetectionHead(Classes.Count, options.HeadChannels, TowerLayers), seed);
        return new DenseGraphs(
            detector.ToTrain(MostObjects),
            detector.ToDeploy(),
            DetectionHead.Scope,
            1 + detector.Anchors * (4 + Classes.Count),
            MeasuresRight: false
        );
    }

    protected override ITrainingRows CreateRows(ImageStore images, ImageDecoder decoder, LabeledAugmenter augmenter) =>
        new DetectionRows(images, _objects, decoder, MostObjects, augmenter);

    protected override string Fingerprint() =>
        SettingText.OfValues([
            .. _objects.SelectMany(boxes =>
                boxes.SelectMany(b => new[] { b.Left, b.Top, b.Right, b.Bottom, b.Class }).Prepend(boxes.Length)
            ),
        ]);

    /// <summary>The objects of an image in the network's pixels; crowds are no object to learn.</summary>
    private ImageBox[] Place(ImageBox[] boxes, int[] classOf, ImageSize size, long row)
    {
        var letterbox = Letterbox.Of(size.Width, size.Height, Preprocessing.Width, Preprocessing.Height, Preprocessing.ResizeMode);
        var placed = new List<ImageBox>(boxes.Length);
        foreach ((int i, ImageBox box) in boxes.Index())
        {
            if (box.Right <= 0 || box.Bottom <= 0 || box.Left >= size.Width || box.Top >= size.Height)
                throw new InvalidDataException(
                    FormattableString.Invariant(
                        $"Row {row}, box {i}: ({box.Left}, {box.Top}, {box.Right}, {box.Bottom}) lies outside the image of {size.Width}x{size.Height} pixels. Correct or leave out the box."
                    )
                );
            if (!box.IsCrowd)
                placed.Add(letterbox.Place(new ImageBox(box.Left, box.Top, box.Right, box.Bottom, classOf[box.Class])));
        }
        return [.. placed];
    }
}
