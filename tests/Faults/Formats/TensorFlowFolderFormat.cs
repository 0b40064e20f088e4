using System.IO.Compression;
using MLNetExtensions.Faults.Fuzzing;
using MLNetExtensions.Faults.Mutation;
using MLNetExtensions.Onnx;
using MLNetExtensions.TensorFlow;

namespace MLNetExtensions.Faults.Formats;

/// <summary>
/// TensorFlow's SavedModels, which its library opens; an input is the folder as a zip file. Without that library (MLNETX_TENSORFLOW) there
/// is no input.
/// </summary>
internal sealed class TensorFlowFolderFormat : IFuzzFormat
{
    private const string Graph = "saved_model.pb";

    public string Name => "savedmodel";

    public string Extension => ".zip";

    public IReadOnlyList<Type> Answers { get; } =
    [typeof(TensorFlowFormatException), typeof(TensorFlowException), typeof(DirectoryNotFoundException)];

    public IReadOnlyList<byte[]> Corpus => field ??= Write();

    public byte[] Mutate(byte[] input, Random random)
    {
        List<(string Name, byte[] Content)> files = Unpack(input);
        // Most of the damage is to the graph: of the other files TensorFlow has checksums.
        int at = random.Next(8) > 0 ? files.FindIndex(f => f.Name == Graph) : random.Next(files.Count);
        if (at < 0)
            return input;
        (string name, byte[] content) = files[at];
        if (name != Graph && random.Next(6) == 0)
            files.RemoveAt(at);
        else
            files[at] = (name, name == Graph ? ProtobufMutation.Mutate(content, random) : ByteMutation.Mutate(content, random));
        return Pack(files);
    }

    public void Execute(FuzzInput input)
    {
        string folder = Path.Combine(input.Folder, "model");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        foreach ((string name, byte[] content) in Unpack(input.Bytes))
        {
            string file = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, content);
        }
        TensorFlowModel.ReadSavedModel(folder);
    }

    private static List<(string Name, byte[] Content)> Unpack(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        List<(string Name, byte[] Content)> files = [];
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            using Stream stream = entry.Open();
            var content = new MemoryStream();
            stream.CopyTo(content);
            files.Add((entry.FullName, content.ToArray()));
        }
        return files;
    }

    private static byte[] Pack(IEnumerable<(string Name, byte[] Content)> files)
    {
        var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
            foreach ((string name, byte[] content) in files)
            {
                using Stream stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                stream.Write(content);
            }
        return zip.ToArray();
    }

    private static byte[][] Write()
    {
        string folder = Directory.CreateTempSubdirectory("mlnetx-fuzz-tf-").FullName;
        try
        {
            string model = Path.Combine(folder, "model");
            TensorFlowModel.WriteSavedModel(Network(), model);
            return
            [
                Pack(
                    Directory
                        .EnumerateFiles(model, "*", SearchOption.AllDirectories)
                        .Select(file => (Path.GetRelativePath(model, file), InOrder(Path.GetFileName(file), File.ReadAllBytes(file))))
                        .Where(file => !file.Item1.StartsWith("assets.extra", StringComparison.Ordinal))
                        .OrderBy(file => file.Item1, StringComparer.Ordinal)
                ),
            ];
        }
        catch (DllNotFoundException)
        {
            return [];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The graph with its maps in the order of their bytes: TensorFlow writes them in another in each process.</summary>
    private static byte[] InOrder(string name, byte[] content)
    {
        if (name != Graph || WireField.Read(content) is not { } fields)
            return content;
        Sort(fields);
        return WireField.Write(fields);

        static void Sort(List<WireField> message)
        {
            foreach (WireField field in message.Where(f => f.Fields is not null))
                Sort(field.Fields!);
            // Collections, signatures and attributes; nodes, inputs and shapes keep their order.
            WireField[] entries =
            [
                .. message
                    .Where(f => f is { Number: 4 or 5, Fields: [{ Number: 1 }, { Number: 2 }] })
                    .OrderBy(f => Convert.ToHexString(WireField.Write([f])), StringComparer.Ordinal),
            ];
            int next = 0;
            for (int i = 0; i < message.Count; i++)
                if (message[i] is { Number: 4 or 5, Fields: [{ Number: 1 }, { Number: 2 }] })
                    message[i] = entries[next++];
        }
    }

    private static OnnxGraph Network() =>
        new()
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("input", OnnxElementType.Float, -1, 3, 8, 8)],
            Outputs = [OnnxValue.Create("scores", OnnxElementType.Float, -1, 3)],
            Nodes =
            [
                OnnxNode.Create("Conv", ["input", "w", "b"], ["c"], OnnxAttribute.Of("pads", 1L, 1L, 1L, 1L)),
                OnnxNode.Create("Relu", ["c"], ["r"]),
                OnnxNode.Create("MaxPool", ["r"], ["m"], OnnxAttribute.Of("kernel_shape", 2L, 2L), OnnxAttribute.Of("strides", 2L, 2L)),
                OnnxNode.Create("GlobalAveragePool", ["m"], ["p"]),
                OnnxNode.Create("Flatten", ["p"], ["f"]),
                OnnxNode.Create("Gemm", ["f", "v", "d"], ["g"]),
                OnnxNode.Create("Softmax", ["g"], ["scores"]),
            ],
            Initializers = new OrderedDictionary<string, OnnxTensor>
            {
                ["w"] = Floats("w", 4, 3, 3, 3),
                ["b"] = Floats("b", 4),
                ["v"] = Floats("v", 4, 3),
                ["d"] = Floats("d", 3),
            },
        };

    private static OnnxTensor Floats(string name, params long[] shape) =>
        OnnxTensor.FromFloats(name, shape, [.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(i => 0.01f * i)]);
}
