using System.Formats.Tar;
using System.IO.Compression;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.TrainingContract.NodeTests;

/// <summary>ONNX's official operator tests (onnx/backend/test/data/node), read from a tar.gz in memory.</summary>
internal static class NodeTestArchive
{
    /// <summary>All tests of the archive, by name in ordinal order.</summary>
    public static IEnumerable<NodeTest> Read(string path)
    {
        var files = new SortedDictionary<string, SortedDictionary<string, byte[]>>(StringComparer.Ordinal);
        using FileStream compressed = File.OpenRead(path);
        using var gzip = new GZipStream(compressed, CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not { } data)
                continue;
            string[] parts = entry.Name.Split('/', StringSplitOptions.RemoveEmptyEntries).SkipWhile(p => p == ".").ToArray();
            var content = new byte[entry.Length];
            data.ReadExactly(content);
            if (!files.TryGetValue(parts[0], out SortedDictionary<string, byte[]>? test))
                files.Add(parts[0], test = new SortedDictionary<string, byte[]>(StringComparer.Ordinal));
            test.Add(string.Join('/', parts[1..]), content);
        }
        return files.Select(f => new NodeTest(f.Key, f.Value));
    }
}

/// <summary>One test: a model, its inputs and what they must give.</summary>
internal sealed class NodeTest(string name, IReadOnlyDictionary<string, byte[]> files)
{
    private readonly ModelProto _model = ModelProto.Parser.ParseFrom(files["model.onnx"]);

    public string Name => name;

    /// <summary>The model of the file; throws for opsets that the product does not read.</summary>
    public OnnxGraph Load() => OnnxGraph.Load(new MemoryStream(files["model.onnx"]));

    /// <summary>The opset of ONNX's own domain; 0 where the model imports none.</summary>
    public long Opset => _model.OpsetImport.FirstOrDefault(o => o.Domain is "" or "ai.onnx")?.Version ?? 0;

    /// <summary>The operators of the model, with their domains.</summary>
    public IEnumerable<(string Domain, string OpType)> Ops => _model.Graph.Node.Select(n => (n.Domain, n.OpType)).Distinct();

    /// <summary>
    /// Whether every input and output is a tensor of numbers or truth values (no sequence, optional, text, or 8-bit float).
    /// </summary>
    public bool HasOnlyNumbers =>
        _model
            .Graph.Input.Concat(_model.Graph.Output)
            .All(v =>
                v.Type?.TensorType is { } tensor
                && Enum.IsDefined((OnnxElementType)tensor.ElemType)
                && (OnnxElementType)tensor.ElemType != OnnxElementType.String
            );

    /// <summary>The inputs' values, in order.</summary>
    public OnnxTensor[] Inputs => Tensors("input");

    /// <summary>The expected outputs, in order.</summary>
    public OnnxTensor[] Outputs => Tensors("output");

    private OnnxTensor[] Tensors(string kind) =>
        [
            .. Enumerable
                .Range(0, files.Count)
                .Select(i => files.GetValueOrDefault($"test_data_set_0/{kind}_{i}.pb"))
                .TakeWhile(f => f is not null)
                .Select(content => OnnxReader.ReadTensor(TensorProto.Parser.ParseFrom(content), folder: null)),
        ];
}
