using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Batching;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Parameters;
using MLNetExtensions.Onnx.Rows;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.Sessions;
using MLNetExtensions.Trainers.Runs;
using MLNetExtensions.Training;

namespace MLNetExtensions.Trainers.FineTune;

/// <summary>
/// The network divided at the first trained layer. What lies before it never changes: ONNX Runtime runs it once over each image, and gives
/// the backbone's features (for the head's own phase) and the values that the trained layers start from.
/// </summary>
internal sealed class FrozenLayers : IDisposable
{
    // Where features are known from earlier fits, it never opens.
    private readonly Lazy<RuntimeSession> _session;
    private readonly string _input;
    private readonly long[] _pixelShape;
    private readonly string[] _outputs;
    private readonly OnnxGraph _body;
    private readonly bool _isOneByOne;
    private readonly TrainableFraction? _trainable;
    private readonly string? _missingGroups;
    private float[] _pixels = [];
    private float[]? _row;

    /// <param name="context">The context, for its GPU and session options.</param>
    /// <param name="body">From pixels to features.</param>
    /// <param name="layers">The layers to train.</param>
    /// <param name="backbone">Whose stages are meant.</param>
    /// <param name="threads">The number of threads for ONNX Runtime; null lets it choose.</param>
    public FrozenLayers(MLContext context, OnnxGraph body, FineTuneLayers layers, Backbone backbone, int? threads)
    {
        _input = body.Inputs[0].Name;
        _pixelShape = [.. body.Inputs[0].Shape!.Skip(1).Select(d => d.Size!.Value)];
        _outputs = [body.Outputs[0].Name];
        _body = body;
        _isOneByOne = BatchAxis.IsOne(body);
        OnnxGraph frozen = body;
        if (layers.Stages > 0)
        {
            _trainable = TrainableFraction.Of(body);
            IReadOnlyList<LayerStage> groups = LayerStages.Find(body, backbone.LayerStages);
            if (layers.Stages != FineTuneLayers.All.Stages && layers.Stages > groups.Count)
                _missingGroups =
                    $"{layers} were asked for; the network '{backbone.Name}' has {groups.Count} "
                    + $"({string.Join(", ", groups.Select(g => $"'{g.Name}'"))}), and all of them are trained.";
            TrainedParameters = [.. groups.TakeLast(layers.Stages).SelectMany(g => g.Parameters)];
        }
        if (TrainedParameters.Count > 0)
        {
            GraphParts parts = GraphSplit.Split(body, TrainedParameters);
            // Nothing but preprocessing before the first trained layer: keep the images, a quarter of the size of their floats.
            StartsAtPixels =
                parts.Prefix is null
                || (
                    ParameterAnalysis.FindParameters(parts.Prefix).All(p => StepList.IsAdded(p.Name))
                    && !parts.Prefix.Initializers.Values.Any(TrainableFraction.IsWeight)
                )
                || parts.Suffix.Inputs.Any(i => i.Name == _input);
            Trained = StartsAtPixels ? body : parts.Suffix;
            if (_isOneByOne)
                Trained = Open(Trained, layers, backbone);
            if (!StartsAtPixels)
            {
                _outputs = [.. _outputs, .. parts.Prefix!.Outputs.Select(o => o.Name)];
                frozen = body with { Outputs = [.. body.Outputs, .. parts.Prefix.Outputs] };
            }
        }
        var model = OnnxModelSource.OfGraph(frozen);
        Key = RecordCache.KeyOf(model.Bytes);
        _session = new Lazy<RuntimeSession>(() => SessionOpening.Open(context, model, new OnnxSessionSettings(), threads ?? 0));
    }

    /// <summary>The key of the layers in a cache: it changes with anything in them.</summary>
    public RecordCache.Key Key { get; }

    /// <summary>The graph from the inputs of the trained layers to features; null if only the head is trained.</summary>
    public OnnxGraph? Trained { get; }

    /// <summary>The trained parameters of the backbone.</summary>
    public IReadOnlyList<string> TrainedParameters { get; } = [];

    /// <summary>True if all layers are trained, so that training starts from the pixels.</summary>
    public bool StartsAtPixels { get; }

    /// <summary>The number of values that each output of an image has: features first, then what the trained layers start from.</summary>
    public IReadOnlyList<int> OutputSizes => field ??= MeasureOutputs();

    /// <summary>Runs images through the frozen layers and keeps what comes out.</summary>
    /// <param name="pixels">Planar bytes, <paramref name="count"/> images [channels, Height, Width].</param>
    /// <param name="count">The number of images.</param>
    /// <param name="features">Receives a row for each image: its features.</param>
    /// <param name="starts">Receives a row for each image: the inputs of the trained layers.</param>
    public void Run(ReadOnlySpan<byte> pixels, int count, FeatureCache features, FeatureCache? starts)
    {
        int atOnce = AtOnce(count),
            size = count == 0 ? 0 : pixels.Length / count;
        for (int first = 0; first < count; first += atOnce)
            RunAtOnce(pixels.Slice(first * size, atOnce * size), atOnce, features, starts);
    }

    private void RunAtOnce(ReadOnlySpan<byte> pixels, int count, FeatureCache features, FeatureCache? starts)
    {
        using IDisposableReadOnlyCollection<OrtValue> outputs = Run(pixels, count);
        for (int image = 0; image < count; image++)
        {
            features.Add(RowOf(outputs[0], image, OutputSizes[0]));
            if (starts is null)
                continue;
            Span<float> row = _row ??= new float[OutputSizes.Skip(1).Sum()];
            for (int output = 1, offset = 0; output < outputs.Count; offset += OutputSizes[output++])
                RowOf(outputs[output], image, OutputSizes[output]).CopyTo(row[offset..]);
            starts.Add(row);
        }

        static ReadOnlySpan<float> RowOf(OrtValue output, int row, int size) => output.GetTensorDataAsSpan<float>().Slice(row * size, size);
    }

    /// <summary>Runs images through the frozen layers.</summary>
    /// <param name="pixels">Planar bytes of <paramref name="count"/> images.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="features">Receives the features of each.</param>
    public void Run(ReadOnlySpan<byte> pixels, int count, Span<float> features)
    {
        int atOnce = AtOnce(count),
            size = count == 0 ? 0 : pixels.Length / count;
        for (int first = 0; first < count; first += atOnce)
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = Run(pixels.Slice(first * size, atOnce * size), atOnce);
            outputs[0].GetTensorDataAsSpan<float>().CopyTo(features[(first * OutputSizes[0])..]);
        }
    }

    /// <summary>Reports warnings about the backbone.</summary>
    public void Report(TrainerLog log)
    {
        if (_isOneByOne)
        {
            RowFinding rows = RowIndependence.Find(BatchAxis.State(_body, null));
            log.Info(
                "The backbone takes one image at a time"
                    + (rows.Verdict == RowVerdict.Dependent ? $" ({rows.Why})" : "; a file exported with a dynamic batch may take several")
                    + ": its frozen layers run image by image, which is slower."
            );
        }
        if (_missingGroups is not null)
            log.Warn(_missingGroups);
        if (_trainable?.Problem is { } problem)
            log.Warn(problem);
    }

    public void Dispose()
    {
        if (_session.IsValueCreated)
            _session.Value.Dispose();
    }

    /// <summary>The trained layers of a backbone for one image, for several: training goes on in batches.</summary>
    private static OnnxGraph Open(OnnxGraph trained, FineTuneLayers layers, Backbone backbone)
    {
        OnnxGraph opened = BatchOpening.Open(BatchAxis.State(trained, 1), out string? obstacle);
        return !BatchAxis.IsOne(opened)
            ? opened
            : throw new OnnxFormatException(
                $"The backbone '{backbone.Name}' works for one image at a time, also in its {layers}, which training needs for several "
                    + $"at once: {obstacle} is in the way. "
                    + $"Export it with a dynamic batch, or train fewer layers or the head alone "
                    + $"({nameof(FineTuneLayers)}.{nameof(FineTuneLayers.Head)})."
            );
    }

    private int AtOnce(int count) => _isOneByOne ? 1 : count;

    private IDisposableReadOnlyCollection<OrtValue> Run(ReadOnlySpan<byte> pixels, int count)
    {
        if (_pixels.Length < pixels.Length)
            _pixels = GC.AllocateUninitializedArray<float>(pixels.Length);
        PlanarPixels.ToSingle(pixels, _pixels);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance,
            _pixels.AsMemory(0, pixels.Length),
            [count, .. _pixelShape]
        );
        return _session.Value.Run([_input], [input], _outputs);
    }

    private int[] MeasureOutputs()
    {
        using IDisposableReadOnlyCollection<OrtValue> outputs = Run(new byte[_pixelShape.Aggregate(1L, (a, b) => a * b)], 1);
        return [.. outputs.Select(output => output.GetTensorDataAsSpan<float>().Length)];
    }
}
