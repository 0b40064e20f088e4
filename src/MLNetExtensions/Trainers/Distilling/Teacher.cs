using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Sessions;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.Trainers.Distilling;

/// <summary>A teacher at work in ONNX Runtime: completes the targets of training batches by its answers for their images.</summary>
internal sealed class Teacher : ITargetCompletion, IDisposable
{
    private readonly RuntimeSession _session;
    private readonly KnowledgeDistillation _settings;
    private readonly string _input;
    private readonly string[] _outputs;
    private readonly long[] _shape;
    private readonly int _classes;

    /// <param name="context">The context, for its GPU settings.</param>
    /// <param name="settings">The teacher and what its answers count.</param>
    /// <param name="student">Says the size of the images.</param>
    /// <param name="classes">The number of classes.</param>
    /// <param name="threads">The number of threads; null for all.</param>
    /// <exception cref="ArgumentException">The teacher is for images of another size, or for other classes.</exception>
    /// <exception cref="OnnxFormatException">Its features cannot be compared, or ONNX Runtime cannot run it.</exception>
    public Teacher(MLContext context, KnowledgeDistillation settings, ImagePreprocessing student, int classes, int? threads)
    {
        (_settings, _classes) = (settings, classes);
        ImagePreprocessing own = settings.Teacher.Preprocessing;
        if (own.Width != student.Width || own.Height != student.Height)
            throw new ArgumentException(
                $"The teacher '{settings.Teacher.Name}' is for images of {own.Width}x{own.Height}, the trained network for "
                    + $"{student.Width}x{student.Height}; distillation shows both the same images.",
                nameof(settings)
            );
        OnnxGraph graph = settings.Teacher.Graph;
        if (own.ChannelCount != student.ChannelCount)
            // It sees the student's images: of gray ones the level in all three colors, of colors their gray.
            (graph, own) = ChannelAdaptation.Apply(graph, own, student.Channels, keepsWeights: true);
        graph = WithLogits(graph);
        _input = graph.Inputs[0].Name;
        graph = PreprocessingGraph.Prepend(graph, own, cropInGraph: false, _input);
        _outputs = [graph.Outputs[0].Name];
        if (settings.HintWeight > 0)
        {
            FeatureValue features = FeatureValue.Find(graph);
            Hints = features.Count;
            _outputs = [.. _outputs, features.Name];
            graph = features.Graph with
            {
                Outputs = [.. graph.Outputs, OnnxValue.Create(features.Name, OnnxElementType.Float, -1, features.Count)],
            };
        }
        _shape = [own.ChannelCount, own.Height, own.Width];
        _session = SessionOpening.Open(
            context,
            OnnxModelSource.OfGraph(graph),
            new OnnxSessionSettings(),
            threads ?? Environment.ProcessorCount
        );
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> outputs = Run(new float[_shape.Aggregate(1L, (a, b) => a * b)], 1);
            if (outputs[0].GetTensorDataAsSpan<float>().Length is var answers && answers != classes)
                throw new ArgumentException(
                    $"The teacher '{settings.Teacher.Name}' gives {answers} values an image; the label has {classes} classes. Its "
                        + $"classes must be those of the label, in the order of its keys.",
                    nameof(settings)
                );
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The number of features that the student's are compared with; 0 if they are not.</summary>
    public int Hints { get; }

    /// <summary>The loss to minimize.</summary>
    /// <param name="labels">The loss for the labels alone.</param>
    public Distillation Loss(CrossEntropy labels) =>
        new(_settings.Temperature, _settings.Alpha)
        {
            Labels = labels,
            Hints = Hints,
            HintWeight = _settings.HintWeight,
        };

    /// <summary>Writes its answers behind the labels of each row.</summary>
    /// <param name="pixels">The batch's images, [count, channels, height, width] of 0 to 255.</param>
    /// <param name="count">The number of images.</param>
    /// <param name="targets">The rows' targets: classes, the teacher's logits, its features.</param>
    public void Complete(Memory<float> pixels, int count, Span<float> targets)
    {
        using IDisposableReadOnlyCollection<OrtValue> outputs = Run(pixels, count);
        int width = 2 * _classes + Hints;
        ReadOnlySpan<float> logits = outputs[0].GetTensorDataAsSpan<float>(),
            features = Hints > 0 ? outputs[1].GetTensorDataAsSpan<float>() : default;
        for (int row = 0; row < count; row++)
        {
            Span<float> target = targets.Slice(row * width + _classes, _classes + Hints);
            logits.Slice(row * _classes, _classes).CopyTo(target);
            features.Slice(row * Hints, Hints).CopyTo(target[_classes..]);
        }
    }

    public void Dispose() => _session.Dispose();

    private IDisposableReadOnlyCollection<OrtValue> Run(Memory<float> pixels, int count)
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels, [count, .. _shape]);
        return _session.Run([_input], [input], _outputs);
    }

    /// <summary>The graph up to its logits, without a Softmax at the end.</summary>
    private static OnnxGraph WithLogits(OnnxGraph graph)
    {
        OnnxValue output =
            graph.Outputs.FirstOrDefault(o => o.ElementType == OnnxElementType.Float)
            ?? throw new OnnxFormatException(
                $"The teacher '{graph.Name}' has no float output; its outputs are {string.Join("; ", graph.Outputs)}."
            );
        return BeforeSoftmax.UpTo(graph, BeforeSoftmax.Find(graph, output.Name));
    }
}
