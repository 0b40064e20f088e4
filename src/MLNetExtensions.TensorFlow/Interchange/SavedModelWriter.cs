using Google.Protobuf;
using MLNetExtensions.Backbones;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Files;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Interchange;

/// <summary>Writes a network as a SavedModel, whole or not at all.</summary>
internal static class SavedModelWriter
{
    /// <summary>
    /// Batches to build for: two of a pair make the graph for any. No network has many sizes of these, and then another pair does.
    /// </summary>
    private static readonly (long First, long Second)[] Batches = [(101, 103), (211, 223), (409, 419)];

    /// <summary>Writes it.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="folder">The model's folder.</param>
    /// <param name="options">The export options.</param>
    /// <param name="inputName">The signature's name for the only input; null for the graph's.</param>
    public static void Write(OnnxGraph graph, string folder, TensorFlowExportOptions options, string? inputName = null)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(folder))
            throw new IOException($"A SavedModel is a folder, but {folder} is a file. Name another folder.");
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new IOException(
                $"{folder} is not empty. A SavedModel is not written over or into something else: name a new folder, or delete this one "
                    + $"first."
            );
        graph = Selected(graph, options.Outputs);
        if (graph.OpenInput is { } open)
            throw new NotSupportedException(
                $"Input {open} has open sizes beside the batch. TensorFlow's kernels are built for known ones: give the graph's input "
                    + $"sizes."
            );

        ExportGraph export = Build(graph, options);
        if (inputName is not null)
            export = export with { Inputs = [export.Inputs.Single() with { Name = inputName }] };
        byte[] model = Describe(export, options.Signature).ToByteArray();
        try
        {
            string parent = Path.GetDirectoryName(folder)!;
            Directory.CreateDirectory(parent);
            using TemporaryFolder temporary = TemporaryFolder.In(parent);
            Directory.CreateDirectory(Path.Combine(temporary.Path, "variables"));
            Checkpoint.Write(Path.Combine(temporary.Path, "variables", "variables"), export.Variables);
            WriteExtras(graph, Path.Combine(temporary.Path, "assets.extra"));
            File.WriteAllBytes(Path.Combine(temporary.Path, "saved_model.pb"), model);
            if (Directory.Exists(folder))
                Directory.Delete(folder);
            temporary.MoveTo(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or TensorFlowException)
        {
            throw new IOException($"The SavedModel {folder} cannot be written: {error.Message}", error);
        }
    }

    private static OnnxGraph Selected(OnnxGraph graph, IReadOnlyList<string>? names)
    {
        OnnxValue[] outputs = names is null
            ? [.. graph.Outputs.Where(o => o.ElementType != OnnxElementType.String)]
            :
            [
                .. names.Select(name =>
                    graph.Outputs.FirstOrDefault(o => o.Name == name)
                    ?? throw new ArgumentException(
                        $"{nameof(TensorFlowExportOptions.Outputs)} names '{name}'; the graph's outputs are "
                            + $"{string.Join(", ", graph.Outputs.Select(o => o.Name))}."
                    )
                ),
            ];
        return outputs.Length > 0
            ? graph with
            {
                Outputs = outputs,
            }
            : throw new ArgumentException("The graph has no output of numbers to write.");
    }

    private static ExportGraph Build(OnnxGraph graph, TensorFlowExportOptions options)
    {
        if (options.BatchSize is { } batch)
            return ExportGraph.Build(graph, batch, options.ChannelsLast);
        foreach ((long first, long second) in Batches)
        {
            ExportGraph a,
                b;
            try
            {
                (a, b) = (ExportGraph.Build(graph, first, options.ChannelsLast), ExportGraph.Build(graph, second, options.ChannelsLast));
            }
            catch (OnnxFormatException error)
            {
                throw new NotSupportedException(
                    $"The network cannot be written for any number of rows: {error.Message} Set "
                        + $"{nameof(TensorFlowExportOptions)}.{nameof(options.BatchSize)} to write it for the number that its nodes fix.",
                    error
                );
            }
            if (OpenBatch.Join(a.Definition, first, b.Definition, second, FlatGraph.NodeOf(a.Inputs[0].Value)) is { } definition)
                return a with { Definition = definition, Inputs = Open(a.Inputs, b.Inputs), Outputs = Open(a.Outputs, b.Outputs) };
        }
        throw new NotSupportedException(
            $"The network cannot be written for any number of rows: its nodes depend on it. Set "
                + $"{nameof(TensorFlowExportOptions)}.{nameof(options.BatchSize)} to write it for one number."
        );

        static ExportedValue[] Open(IReadOnlyList<ExportedValue> first, IReadOnlyList<ExportedValue> second) =>
            [.. first.Zip(second, (a, b) => a with { Shape = OpenBatch.Shape(a.Shape, b.Shape) })];
    }

    private static SavedModel Describe(ExportGraph export, string name)
    {
        var signature = new SignatureDef { MethodName = "tensorflow/serving/predict" };
        foreach (ExportedValue input in export.Inputs)
            signature.Inputs[input.Name] = Info(input);
        foreach (ExportedValue output in export.Outputs)
            signature.Outputs[output.Name] = Info(output);
        var model = new MetaGraphDef
        {
            GraphDef = export.Definition,
            MetaInfoDef = new MetaGraphDef.Types.MetaInfoDef
            {
                Tags = { "serve" },
                TensorflowVersion = Native.TensorFlowLibrary.Load().Version,
            },
        };
        model.SignatureDef[name] = signature;
        Checkpoint.Describe(model, export.Variables);
        return new SavedModel { SavedModelSchemaVersion = 1, MetaGraphs = { model } };
    }

    private static TensorInfo Info(ExportedValue value)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(value.Shape.Select(size => new TensorShapeProto.Types.Dim { Size = size }));
        return new TensorInfo
        {
            Name = value.Value,
            Dtype = (int)value.Type,
            TensorShape = shape,
        };
    }

    /// <summary>Labels and preprocessing, in the folder that loaders leave alone.</summary>
    private static void WriteExtras(OnnxGraph graph, string folder)
    {
        IReadOnlyList<string> labels = ScoringMetadata.Labels(graph.Metadata, graph.Name);
        bool hasPreprocessing = graph.Metadata.TryGetValue(PreprocessingJson.MetadataKey, out string? preprocessing);
        if (labels.Count == 0 && !hasPreprocessing)
            return;
        Directory.CreateDirectory(folder);
        if (labels.Count > 0)
            File.WriteAllLines(Path.Combine(folder, "labels.txt"), labels.Select(l => l.ReplaceLineEndings(" ")));
        if (hasPreprocessing)
            File.WriteAllText(Path.Combine(folder, "preprocessing.json"), preprocessing);
    }
}
