using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;
using MLNetExtensions.Backbones;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Pruning;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Trainers.FeatureExtraction;
using MLNetExtensions.Trainers.FineTune;

namespace MLNetExtensions.UnseenModels;

/// <summary>Does with one kind what a user would do, through the public API, and judges what comes out.</summary>
internal sealed class UnseenTrial : IDisposable
{
    // Of a machine that does much else at the same time.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly UnseenModel _model;
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnetextensions-unseen-").FullName;
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _warnings = [];
    private readonly string _file;
    private readonly UnseenImages _images;
    private readonly IDataView _data;
    private readonly List<IDisposable> _opened = [];
    private readonly Dictionary<UnseenStep, UnseenOutcome> _outcomes = [];
    private Backbone? _backbone;
    private FineTuneTransformer? _head;

    public UnseenTrial(UnseenModel model)
    {
        _model = model;
        _file = model.Create().Write(_folder, model.Name);
        _images = new UnseenImages(_folder, model.Side, model.Channels);
        _data = _images.Load(_ml);
        _ml.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning)
                lock (_warnings)
                    _warnings.Add(e.RawMessage);
        };
    }

    /// <summary>Whether ONNX Runtime itself opens and runs the file; what it says is a fault of the generator.</summary>
    public string? Problem()
    {
        try
        {
            using var reference = new UnseenReference(_file);
            int values = _model.Side * _model.Side * _model.Channels;
            var random = new Random(1);
            object[][] outputs = reference.Run(
                [.. Enumerable.Range(0, values).Select(_ => (float)(random.NextDouble() * 4) - 2)],
                _model.Side
            );
            double[] numbers = [.. outputs.SelectMany(o => o).OfType<double>()];
            return numbers.Any(v => !double.IsFinite(v)) ? "outputs are not finite"
                : numbers.Any(v => Math.Abs(v) > 1e3) ? $"outputs are as large as {numbers.Max(Math.Abs)}"
                : null;
        }
        catch (OnnxRuntimeException e)
        {
            return e.Message;
        }
    }

    /// <summary>Takes steps; what a step needs is done before it.</summary>
    public IReadOnlyList<UnseenOutcome> Run(params IEnumerable<UnseenStep> steps) => [.. steps.Select(Outcome)];

    public void Dispose()
    {
        _opened.Reverse();
        _opened.ForEach(o => o.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private UnseenOutcome Outcome(UnseenStep step)
    {
        if (_outcomes.TryGetValue(step, out UnseenOutcome? known))
            return known;
        UnseenOutcome? before = step switch
        {
            UnseenStep.Load or UnseenStep.Score => null,
            UnseenStep.Head or UnseenStep.Prune => Outcome(UnseenStep.Load),
            _ => Outcome(UnseenStep.Head),
        };
        UnseenOutcome outcome =
            before is null or { Result: UnseenResult.Works } or { Result: UnseenResult.Told } && IsReady(step)
                ? Judge(step)
                : new UnseenOutcome(
                    _model,
                    step,
                    before is { IsRight: false } ? UnseenResult.Blocked : UnseenResult.NotApplicable,
                    before?.Step.ToString() ?? ""
                );
        return _outcomes[step] = outcome;
    }

    // A step that was told of may have been refused.
    private bool IsReady(UnseenStep step) =>
        step switch
        {
            UnseenStep.Load or UnseenStep.Score => true,
            UnseenStep.Head or UnseenStep.Prune => _backbone is not null,
            _ => _head is not null,
        };

    private UnseenOutcome Judge(UnseenStep step)
    {
        _warnings.Clear();
        Exception? error = Try(step);
        string? refusal = _model.Refused.GetValueOrDefault(step),
            warning = _model.Warned.GetValueOrDefault(step),
            excuse = _model.Tolerated.GetValueOrDefault(step);
        string said = string.Join("; ", _warnings);
        return error switch
        {
            WrongValuesException wrong => Is(UnseenResult.WrongValues, wrong.Message),
            TimeoutException => Is(UnseenResult.Hangs, $"did not end in {Patience.TotalMinutes:F0} minutes"),
            null when refusal is not null => Is(UnseenResult.Silent, $"was done, but should be refused: {refusal}"),
            null when warning is not null && !Regex.IsMatch(said, warning) => Is(
                UnseenResult.Silent,
                $"no warning of '{warning}', only '{said}'"
            ),
            null => Is(warning is null ? UnseenResult.Works : UnseenResult.Told, said),
            _ when (refusal ?? warning ?? excuse) is { } text => Is(
                IsOurs(error) && Regex.IsMatch(error.Message, text) ? UnseenResult.Told : UnseenResult.WrongMessage,
                Describe(error)
            ),
            _ => Is(UnseenResult.Failed, Describe(error)),
        };

        UnseenOutcome Is(UnseenResult result, string message) => new(_model, step, result, message);
    }

    private Exception? Try(UnseenStep step)
    {
        Action action = step switch
        {
            UnseenStep.Load => Load,
            UnseenStep.Score => Score,
            UnseenStep.Head => TrainHead,
            UnseenStep.LastStages => () => TrainLayers(FineTuneLayers.LastStages(1), 0),
            UnseenStep.AllLayers => () => TrainLayers(FineTuneLayers.All, _model.Trainable),
            UnseenStep.Int8 => Quantize,
            UnseenStep.Prune => Prune,
            _ => SaveAndReload,
        };
        Exception? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                error = e is AggregateException { InnerException: { } inner } ? inner : e;
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        return thread.Join(Patience) ? error : new TimeoutException();
    }

    private static bool IsOurs(Exception error) =>
        error.TargetSite?.DeclaringType?.Assembly.GetName().Name?.StartsWith(nameof(MLNetExtensions), StringComparison.Ordinal) == true;

    // The first lines: operators stand in the second one of UnsupportedOpsException.
    private static string Describe(Exception error) => $"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}";

    private void Load()
    {
        Backbone loaded = Backbone.FromFile(_file);
        // The images have the network's size.
        ImagePreprocessing preprocessing = loaded.Preprocessing with
        {
            Width = _model.Side,
            Height = _model.Side,
            CropFraction = 1,
        };
        if (_model.IsNormalizedInside)
            preprocessing = preprocessing with { Scale = 1, Mean = [0, 0, 0], StandardDeviation = [1, 1, 1] };
        _backbone = Backbone.FromFile(_file, preprocessing);
    }

    private void Score()
    {
        using var reference = new UnseenReference(_file);
        using UnseenReference? inference = _model.CreateInference() is { } draft
            ? new UnseenReference(draft.Write(_folder, "inference"))
            : null;
        if (_backbone is null)
            Load();
        ImagePreprocessing preprocessing = _backbone!.Preprocessing;
        using ScoreOnnxTransformer scorer = _ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    ModelFile = _file,
                    Inputs =
                    [
                        new OnnxInput
                        {
                            Name = reference.Input,
                            ColumnName = "Image",
                            Preprocessing = preprocessing,
                        },
                    ],
                    Outputs = [.. reference.Outputs.Select((name, i) => new OnnxOutput { Name = name, ColumnName = $"Output{i}" })],
                    BatchSize = 8,
                }
            )
            .Fit(_data);
        IDataView scored = scorer.Transform(_data);
        object[][][] columns = [.. reference.Outputs.Select((_, i) => ColumnValues.Read(scored, $"Output{i}"))];
        try
        {
            CompareAll(reference, columns);
        }
        catch (WrongValuesException) when (inference is not null)
        {
            CompareAll(inference, columns);
        }
    }

    private void CompareAll(UnseenReference reference, object[][][] columns)
    {
        ImagePreprocessing preprocessing = _backbone!.Preprocessing;
        for (int row = 0; row < UnseenImages.Count; row++)
        {
            object[][] expected = reference.Run(_images.Input(row, preprocessing, preprocessing.ChannelsLast), _model.Side);
            for (int output = 0; output < expected.Length; output++)
                Compare(expected[output], columns[output][row], _model.Tolerance, $"output '{reference.Outputs[output]}' of row {row}");
        }
    }

    private void TrainHead()
    {
        if (_model.Features is int expected)
        {
            using ImageFeatureExtractionTransformer extract = _ml
                .Transforms.ExtractImageFeatures("Features", "Image", _backbone!)
                .Fit(_data);
            int features = ((VectorDataViewType)extract.GetOutputSchema(_data.Schema)["Features"].Type).Size;
            if (features != expected)
                throw new WrongValuesException($"{features} features, the layer before the classifier has {expected}");
        }
        _head = Keep(Fit(new FineTuneOptions()));
        CheckScores(_head, UnseenStep.Head);
    }

    private void TrainLayers(FineTuneLayers layers, double least)
    {
        UnseenStep step = layers == FineTuneLayers.All ? UnseenStep.AllLayers : UnseenStep.LastStages;
        FineTuneTransformer tuned = Keep(Fit(new FineTuneOptions { TrainableLayers = layers, Epochs = 2 }));
        _warnings.AddRange(tuned.Result.Warnings);
        CheckScores(tuned, step);
        (long changed, long all) = Changed(_head!.Model, tuned.Model);
        if ((changed == 0 || changed < least * all) && !_model.Warned.ContainsKey(step) && !IsExcused(step))
            throw new WrongValuesException($"{changed} of {all} weights of the backbone were trained");
    }

    private FineTuneTransformer Fit(FineTuneOptions options)
    {
        (options.Backbone, options.ImageColumnName, options.BatchSize, options.Seed) = (_backbone, "Image", 8, 1);
        return _ml.MulticlassClassification.Trainers.FineTune(options).Fit(_data);
    }

    // Layers that need not be trainable may stay as they are, if that is said.
    private bool IsExcused(UnseenStep step) =>
        _model.Tolerated.TryGetValue(step, out string? text) && _warnings.Any(w => Regex.IsMatch(w, text));

    private void CheckScores(ITransformer model, UnseenStep step)
    {
        IDataView scored = model.Transform(_data);
        if (ColumnValues.Read(scored, "Score").SelectMany(row => row).Any(v => !double.IsFinite((double)v)))
            throw new WrongValuesException("scores are not finite");
        double accuracy = _ml.MulticlassClassification.Evaluate(scored).MicroAccuracy;
        // Features that are warned of need not separate the classes.
        if (accuracy < 0.9 && !_model.Warned.ContainsKey(step) && !_model.Warned.ContainsKey(UnseenStep.Head))
            throw new WrongValuesException(
                string.Create(CultureInfo.InvariantCulture, $"accuracy {accuracy:F2} on bright and dark images that were trained on")
            );
    }

    private void Quantize()
    {
        CompressedModel quantized = _ml.Vision()
            .Quantize(
                _head!.Model,
                new QuantizeOptions
                {
                    CalibrationSet = _data,
                    EvaluationSet = _data,
                    LatencyBatchSize = 0,
                }
            );
        if (quantized.Report.OutputError is not < 0.3)
            throw new WrongValuesException(
                string.Create(CultureInfo.InvariantCulture, $"outputs are {quantized.Report.OutputError:P0} off those of the float model")
            );
        using var model = (FineTuneTransformer)_head.WithModel(quantized.Model);
        CheckScores(model, UnseenStep.Int8);
    }

    private void Prune()
    {
        CompressedModel pruned = _ml.Vision()
            .Prune(
                _backbone!,
                new PruneOptions
                {
                    TargetMacsFraction = 0.5,
                    ChannelMultiple = 1,
                    MinimumChannelFraction = 0.1,
                    LatencyBatchSize = 0,
                }
            );
        double left = (double)pruned.Report.MacsAfter!.Value / pruned.Report.MacsBefore!.Value;
        if (left is < 0.42 or > 0.52)
            throw new WrongValuesException(
                string.Create(CultureInfo.InvariantCulture, $"{left:P0} of the multiplications are left, {0.5:P0} were asked for")
            );
        string file = Path.Combine(_folder, "pruned.onnx");
        pruned.Model.Save(file);
        using var reference = new UnseenReference(file);
        object[][] outputs = reference.Run(_images.Input(0, _backbone!.Preprocessing, _backbone.Preprocessing.ChannelsLast), _model.Side);
        if (outputs.SelectMany(o => o).OfType<double>().Any(v => !double.IsFinite(v)))
            throw new WrongValuesException("outputs are not finite");
    }

    private void SaveAndReload()
    {
        using var stream = new MemoryStream();
        _ml.Model.Save(_head!, _data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out _);
        if (loaded is IDisposable disposable)
            Keep(disposable);
        object[][] expected = ColumnValues.Read(_head!.Transform(_data), "Score"),
            actual = ColumnValues.Read(loaded.Transform(_data), "Score");
        for (int row = 0; row < expected.Length; row++)
            Compare(expected[row], actual[row], Math.Max(1e-5, _model.Tolerance / 10), $"score of row {row}");
    }

    private static void Compare(object[] expected, object[] actual, double tolerance, string what)
    {
        if (expected.Length != actual.Length)
            throw new WrongValuesException($"{what}: {actual.Length} values, ONNX Runtime gives {expected.Length}");
        double largest = Math.Max(1, expected.OfType<double>().Select(Math.Abs).DefaultIfEmpty(0).Max());
        for (int i = 0; i < expected.Length; i++)
            if (
                expected[i] is double number
                    ? Math.Abs(number - (double)actual[i]) > tolerance * largest || !double.IsFinite((double)actual[i])
                    : !expected[i].Equals(actual[i])
            )
                throw new WrongValuesException(
                    string.Create(CultureInfo.InvariantCulture, $"{what}, value {i}: {actual[i]}, expected {expected[i]}")
                );
    }

    /// <summary>How many of a model's weights another does not have.</summary>
    private static (long Changed, long All) Changed(OnnxGraph before, OnnxGraph after)
    {
        ILookup<long, OnnxTensor> kept = after.Initializers.Values.ToLookup(t => t.Count);
        OnnxTensor[] weights =
        [
            .. before.Initializers.Values.Where(t =>
                t.ElementType is OnnxElementType.Float or OnnxElementType.Float16 or OnnxElementType.Double
                && t.Shape.Count > 0
                && !t.Name.StartsWith("mlnetx/", StringComparison.Ordinal)
                && !t.Name.StartsWith("head/", StringComparison.Ordinal)
            ),
        ];
        return (
            weights.Where(w => !kept[w.Count].Any(k => k.RawData.Span.SequenceEqual(w.RawData.Span))).Sum(w => w.Count),
            weights.Sum(w => w.Count)
        );
    }

    private T Keep<T>(T disposable)
        where T : IDisposable
    {
        _opened.Add(disposable);
        return disposable;
    }
}
