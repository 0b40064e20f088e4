using Microsoft.ML;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Proto;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Tests.Data;
using Xunit;

namespace MLNetExtensions.Tests.Onnx;

/// <summary>Models whose weights lie beside them, behind links as caches of downloads and mounted volumes have them.</summary>
public sealed class ExternalDataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _other = new();

    public void Dispose()
    {
        _folder.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void Links_to_model_and_data_are_followed()
    {
        // Hugging Face's cache: snapshots of links into a folder of blobs.
        Write(Path.Combine(_folder.Path, "blobs"), "ab12", "cd34");
        string snapshot = Directory.CreateDirectory(Path.Combine(_folder.Path, "snapshots", "main")).FullName;
        Link(Path.Combine(snapshot, "model.onnx"), "../../blobs/ab12");
        Link(Path.Combine(snapshot, "model.onnx_data"), "../../blobs/cd34");

        AssertOpens(Path.Combine(snapshot, "model.onnx"));
    }

    [Fact]
    public void Links_to_folders_are_followed()
    {
        // A mounted volume of Kubernetes: names of links through a link to the current version.
        Write(Path.Combine(_folder.Path, "..2026"), "model.onnx", "model.onnx_data");
        Link(Path.Combine(_folder.Path, "..data"), "..2026", isFolder: true);
        Link(Path.Combine(_folder.Path, "model.onnx"), "..data/model.onnx");
        Link(Path.Combine(_folder.Path, "model.onnx_data"), "..data/model.onnx_data");

        AssertOpens(Path.Combine(_folder.Path, "model.onnx"));
        AssertOpens(Path.Combine(_folder.Path, "..data", "model.onnx"));
    }

    [Fact]
    public void A_link_out_of_the_folder_is_refused()
    {
        Write(_folder.Path, "model.onnx", "data");
        File.Move(Path.Combine(_folder.Path, "data"), Path.Combine(_other.Path, "data"));
        Link(Path.Combine(_folder.Path, "model.onnx_data"), Path.Combine(_other.Path, "data"));

        string model = Path.Combine(_folder.Path, "model.onnx");
        Assert.Contains(
            "leads out of the model's folder",
            Assert.Throws<OnnxFormatException>(() => OnnxGraph.Load(model)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "leads out of the model's folder",
            Assert.Throws<OnnxFormatException>(() => new MLContext().Model.OpenOnnx(model)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_root_is_a_folder_as_any()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "needs a root folder to write to");
        string name = $"mlnetextensions-{Guid.NewGuid():N}";
        string model = "/" + name,
            data = model + "_data";
        try
        {
            Write("/", name, name + "_data", name + "_data");
            AssertOpens(model);
        }
        finally
        {
            File.Delete(model);
            File.Delete(data);
        }
    }

    private static void AssertOpens(string model)
    {
        Assert.Equal([1f, 2f, 3f], OnnxGraph.Load(model).Initializers["w"].ToFloats());
        using OnnxSession session = new MLContext().Model.OpenOnnx(model);
        Assert.Equal("y", session.Outputs[0].Name);
    }

    private static void Write(string folder, string modelName, string dataName, string location = "model.onnx_data")
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
        File.WriteAllBytes(Path.Combine(folder, modelName), Google.Protobuf.MessageExtensions.ToByteArray(proto));
        File.WriteAllBytes(
            Path.Combine(folder, dataName),
            System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>([1f, 2f, 3f]).ToArray()
        );
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
