using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNetExtensions.Data;
using MLNetExtensions.Data.Masks;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Masks;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks.Segmentation;
using MLNetExtensions.Trainers.DensePrediction;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.TrainSegmenter;

/// <summary>Trains a segmentation network.</summary>
/// <inheritdoc/>
internal sealed class SegmenterTrainer : DenseTrainer, IDisposable
{
    private readonly TrainSegmenterOptions _options;
    private readonly RowCache _masks;
    private readonly byte[] _placed;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private MaskClasses? _classes;
    private DataViewRowCursor? _cursor;

    public SegmenterTrainer(MLContext context, IHost host, IChannel channel, TrainSegmenterOptions options)
        : base(context, host, channel, options)
    {
        _options = options;
        _placed = new byte[Preprocessing.Width * Preprocessing.Height];
        _masks = new RowCache(_placed.Length, options.MemoryBudget, context.TempFilePath);
    }

    public override IReadOnlyList<string> Classes => _classes!.Names;

    // Black, as images are padded with.
    protected override Augmentation DefaultAugmentation => Augment.ForSegmentation(fill: 0);

    protected override IReadOnlyList<int> Strides => SegmentationHead.StridesOf(_options.Decoder);

    public void Dispose()
    {
        _cursor?.Dispose();
        _masks.Dispose();
        _hash.Dispose();
    }

    protected override Action<long, ImageSize> Begin(IDataView data)
    {
        DataViewSchema.Column column = data.Schema[_options.LabelColumnName];
        MaskClasses classes =
            MaskClasses.Of(column)
            ?? throw new ArgumentException(
                $"Mask column '{column.Name}' does not say its classes. Load it with ml.Data.LoadFromMasks or LoadFromCoco, and keep the column."
            );
        if (_classes is not null && !_classes.Names.SequenceEqual(classes.Names))
            throw new ArgumentException(
                $"The masks of the validation set are of other classes ({string.Join(", ", classes.Names)}) than those of the training rows "
                    + $"({string.Join(", ", _classes.Names)}). Load both with the same list of classes."
            );
        _classes ??= classes;
        var reader = new MaskReader(classes.Format);
        _cursor?.Dispose();
        DataViewRowCursor cursor = _cursor = data.GetRowCursor([column]);
        Func<EncodedMask> next = MaskColumn.Reader(cursor, column, _options.ImageFolder);
        return (row, size) =>
        {
            while (cursor.Position < row)
                cursor.MoveNext();
            ReadOnlySpan<byte> mask = reader.Read(next(), row, size);
            Letterbox
                .Of(size.Width, size.Height, Preprocessing.Width, Preprocessing.Height, Preprocessing.ResizeMode)
                .PlaceMask(mask, Preprocessing.Width, LabeledAugmenter.DefaultIgnored, _placed);
            // The loss and the figures know one index that does not count, whichever the files have.
            if (classes.Format.IgnoredIndex is { } ignored)
                _placed.AsSpan().Replace((byte)ignored, LabeledAugmenter.DefaultIgnored);
            _hash.AppendData(_placed);
            _masks.Add(_placed);
        };
    }

    protected override DenseGraphs CreateGraphs(DenseBackbone backbone, int seed)
    {
        if (_options.ClassWeights is { } weights && weights.Count != Classes.Count)
            throw new ArgumentException(
                $"ClassWeights has {weights.Count} weights; expected {Classes.Count}, one for each class of the masks: {string.Join(", ", Classes)}."
            );
        var graph = new SegmentationGraph(
            backbone.Maps,
            new SegmentationHead(_options.Decoder, Classes.Count, _options.HeadChannels),
            seed
        );
        return new DenseGraphs(
            graph.ToTrain(_options.LossTerms()),
            WithMask(graph.ToDeploy()),
            trained => DenseBackbone.HeadParameters(trained, SegmentationHead.Scope)
        );
    }

    protected override DenseTargets CreateTargets(DenseGraphs graphs) =>
        new SegmentationTargets(_masks, Preprocessing.Width, Preprocessing.Height, Classes.Count, Fingerprint());

    protected override ITrainingRows CreateRows(ImageStore images, ImageDecoder decoder, LabeledAugmenter augmenter, MixedSamples? mixed) =>
        new MaskRows(images, _masks, decoder, augmenter, mixed);

    protected override string Fingerprint() => Convert.ToHexStringLower(_hash.GetCurrentHash())[..16];

    /// <summary>The class of each pixel in place of the logits: UInt8 [batch, height, width].</summary>
    private OnnxGraph WithMask(OnnxGraph graph) =>
        graph with
        {
            Nodes =
            [
                .. graph.Nodes,
                OnnxNode.Create(
                    "ArgMax",
                    [graph.Outputs[0].Name],
                    ["best"],
                    OnnxAttribute.Of("axis", 1L),
                    OnnxAttribute.Of("keepdims", 0L)
                ),
                OnnxNode.Create("Cast", ["best"], ["mask"], OnnxAttribute.Of("to", (long)OnnxElementType.UInt8)),
            ],
            Outputs = [OnnxValue.Create("mask", OnnxElementType.UInt8, -1, Preprocessing.Height, Preprocessing.Width)],
        };
}
