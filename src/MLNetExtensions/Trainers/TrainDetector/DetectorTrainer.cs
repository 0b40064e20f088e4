using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExtensions.Backbones;
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
    private int _anchors;

    public override IReadOnlyList<string> Classes => _classes!;

    // Black, as images are padded with.
    protected override Augmentation DefaultAugmentation => Augment.ForDetection(fill: 0);

    protected override IReadOnlyList<int> Strides { get; } = [8, 16, 32];

    /// <summary>The most objects of a training sample; of a mosaic as many as of all its images.</summary>
    private int MostObjects =>
        Math.Clamp(_objects.Max(Learned) * options.Mixing.Select(way => 1 + way.Others).Aggregate(1, Math.Max), 1, options.MaxObjects);

    protected override Action<long, ImageSize> Begin(IDataView data)
    {
        var columns = new BoxColumns(data.Schema, options.LabelColumnName, options.BoundingBoxesColumnName);
        _classes ??= columns.Classes;
        int[] classOf = ClassMatch.Of(_classes, columns.Classes);
        List<ImageBox[]> boxes = columns.Read(data);
        return (row, size) => _objects.Add(Place(boxes[(int)row], classOf, size, row));
    }

    protected override DenseBackbone CutBackbone(Backbone backbone) =>
        options.HeadOutputs.Count > 0 ? WholeDetector.Cut(backbone, Preprocessing, options.HeadOutputs) : base.CutBackbone(backbone);

    protected override DenseBackbone Complete(DenseBackbone backbone, int seed) =>
        options.HeadOutputs.Count > 0 ? WholeDetector.WithClasses(backbone, Classes.Count, seed) : backbone;

    protected override DenseGraphs CreateGraphs(DenseBackbone backbone, int seed)
    {
        if (options.ClassWeights is { } weights && weights.Count != Classes.Count)
            throw new ArgumentException(
                $"ClassWeights has {weights.Count} weights; expected {Classes.Count}, one for each class: {string.Join(", ", Classes)}."
            );
        bool isWhole = options.HeadOutputs.Count > 0;
        var detector = isWhole
            ? new DetectionGraph(backbone.Maps, new ReadyHead(), seed, [.. backbone.Maps.Take(options.HeadOutputs.Count)])
            : new DetectionGraph(backbone.Maps, new DetectionHead(Classes.Count, options.HeadChannels, TowerLayers), seed);
        _anchors = detector.Anchors;
        SayCrowded();
        return new DenseGraphs(
            detector.ToTrain(MostObjects, new DetectionLossTerms(options.FocalGamma, options.ClassWeights)),
            detector.ToDeploy(),
            trained => isWhole ? WholeDetector.LastParameters(backbone) : DenseBackbone.HeadParameters(trained, DetectionHead.Scope)
        );
    }

    protected override DenseTargets CreateTargets(DenseGraphs graphs) =>
        new DetectionTargets(_objects, Classes.Count, _anchors, options.IouThreshold, Fingerprint());

    protected override ITrainingRows CreateRows(ImageStore images, ImageDecoder decoder, LabeledAugmenter augmenter, MixedSamples? mixed) =>
        new DetectionRows(images, _objects, decoder, MostObjects, augmenter, mixed);

    protected override string Fingerprint() =>
        SettingText.OfValues([
            .. _objects.SelectMany(boxes =>
                boxes.SelectMany(b => new[] { b.Left, b.Top, b.Right, b.Bottom, b.Class }).Prepend(boxes.Length)
            ),
        ]);

    private void SayCrowded()
    {
        ImageBox[][] crowded = [.. _objects.Where(boxes => Learned(boxes) > options.MaxObjects)];
        if (crowded.Length > 0)
            Log.Warn(
                FormattableString.Invariant(
                    $"{crowded.Length} of {_objects.Count} images have more than {options.MaxObjects} objects, up to {crowded.Max(Learned)}. The {options.MaxObjects} largest of each are trained on; raise MaxObjects for more, which takes memory and time in every step."
                )
            );
    }

    private static int Learned(ImageBox[] boxes) => boxes.Count(box => !box.IsCrowd);

    /// <summary>The objects of an image in the network's pixels.</summary>
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
            placed.Add(letterbox.Place(box with { Class = classOf[box.Class] }));
        }
        return [.. placed];
    }
}
