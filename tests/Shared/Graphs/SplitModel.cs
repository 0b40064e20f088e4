using System.Runtime.InteropServices;
using Google.Protobuf;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Proto;
using Xunit;

namespace MLNetExtensions.TestData.Graphs;

/// <summary>Models y = x + w whose weight lies in a file beside them, behind links as caches and mounted volumes have them.</summary>
internal static class SplitModel
{
    /// <summary>As Hugging Face's cache has it: snapshots of links into a folder of blobs.</summary>
    /// <returns>The model's path.</returns>
    public static string InCache(string folder)
    {
        Write(Path.Combine(folder, "blobs"), "ab12", "cd34");
        string snapshot = Directory.CreateDirectory(Path.Combine(folder, "snapshots", "main")).FullName;
        Link(Path.Combine(snapshot, "model.onnx"), "../../blobs/ab12");
        Link(Path.Combine(snapshot, "model.onnx_data"), "../../blobs/cd34");
        return Path.Combine(snapshot, "model.onnx");
    }

    /// <summary>As a mounted volume of Kubernetes has it: names of links through a link to the current version.</summary>
    /// <returns>The paths by which the model is found.</returns>
    public static string[] InVolume(string folder)
    {
        Write(Path.Combine(folder, "..2026"), "model.onnx", "model.onnx_data");
        Link(Path.Combine(folder, "..data"), "..2026", isFolder: true);
        Link(Path.Combine(folder, "model.onnx"), "..data/model.onnx");
        Link(Path.Combine(folder, "model.onnx_data"), "..data/model.onnx_data");
        return [Path.Combine(folder, "model.onnx"), Path.Combine(folder, "..data", "model.onnx")];
    }

    /// <summary>With data that a link leads to in another folder, which no reader follows.</summary>
    /// <returns>The model's path.</returns>
    public static string WithDataElsewhere(string folder, string elsewhere)
    {
        Write(folder, "model.onnx", "data");
        File.Move(Path.Combine(folder, "data"), Path.Combine(elsewhere, "data"));
        Link(Path.Combine(folder, "model.onnx_data"), Path.Combine(elsewhere, "data"));
        return Path.Combine(folder, "model.onnx");
    }

    public static void Write(string folder, string modelName, string dataName, string location = "model.onnx_data")
    {
        var graph = new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 3)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, -1, 3)],
            Nodes = [OnnxNode.Create("Add", ["x", "w"], ["y"])],
            Initializers = new Dictionary<string, OnnxTensor>(),
        };
        ModelProto proto = ModelProto.Parser.ParseFrom(graph.ToBytes());
        var tensor = new TensorProto
        {
            Name = "w",
            DataType = 1,
            DataLocation = TensorProto.Types.DataLocation.External,
        };
        tensor.Dims.Add(3);
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        proto.Graph.Initializer.Add(tensor);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, modelName), proto.ToByteArray());
        File.WriteAllBytes(Path.Combine(folder, dataName), MemoryMarshal.AsBytes<float>([1f, 2f, 3f]).ToArray());
    }

    private static void Link(string path, string target, bool isFolder = false)
    {
        try
        {
            if (isFolder)
                Directory.CreateSymbolicLink(path, target);
            else
                File.CreateSymbolicLink(path, target);
        }
        catch (Exception e) when (OperatingSystem.IsWindows() && e is IOException or UnauthorizedAccessException)
        {
            Assert.Skip("Windows lets this user make no links.");
        }
    }
}
