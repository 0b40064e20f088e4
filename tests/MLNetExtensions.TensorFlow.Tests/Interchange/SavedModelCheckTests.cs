using Google.Protobuf;
using MLNetExtensions.Onnx;
using MLNetExtensions.TensorFlow.Proto;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.TensorFlow.Tests.Interchange;

/// <summary>SavedModels at which TensorFlow's loader ends the process.</summary>
public sealed class SavedModelCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public SavedModelCheckTests()
    {
        _model = Path.Combine(_folder.Path, "model");
        TensorFlowModel.WriteSavedModel(
            new OnnxGraph
            {
                Opsets = new Dictionary<string, int> { [""] = 17 },
                Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 3)],
                Outputs = [OnnxValue.Create("y", OnnxElementType.Float, -1, 2)],
                Nodes = [OnnxNode.Create("MatMul", ["x", "w"], ["y"])],
                Initializers = new Dictionary<string, OnnxTensor> { ["w"] = OnnxTensor.FromFloats("w", [3, 2], [1, 2, 3, 4, 5, 6]) },
            },
            _model
        );
    }

    private string File => Path.Combine(_model, "saved_model.pb");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sound_model_passes() => Assert.Equal("x", TensorFlowModel.ReadSavedModel(_model).Inputs[0].Name);

    [Theory]
    [InlineData("Identity", "has 0 inputs; its op takes 1")]
    [InlineData("MatMul", "has 1 inputs; its op takes 2")]
    // A list of inputs: as many as its attribute has types.
    [InlineData("SaveV2", "has 3 inputs; its op takes 4")]
    public void A_node_without_an_input_of_its_op_is_refused(string op, string expected)
    {
        SavedModel model = SavedModel.Parser.ParseFrom(System.IO.File.ReadAllBytes(File));
        NodeDef node = model.MetaGraphs[0].GraphDef.Node.First(n => n.Op == op);
        node.Input.Remove(node.Input.Last(input => !input.StartsWith('^')));
        System.IO.File.WriteAllBytes(File, model.ToByteArray());

        string message = Assert.Throws<TensorFlowFormatException>(() => TensorFlowModel.ReadSavedModel(_model)).Message;

        Assert.Contains("saved_model.pb", message, StringComparison.Ordinal);
        Assert.Contains($"{op} '{node.Name}' {expected}", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1L << 31)]
    [InlineData(1L << 40)]
    [InlineData(-3L)]
    public void A_constant_of_more_values_than_the_file_holds_is_refused(long count)
    {
        SavedModel model = SavedModel.Parser.ParseFrom(System.IO.File.ReadAllBytes(File));
        NodeDef node = model.MetaGraphs[0].GraphDef.Node.First(n => n.Op == "Const");
        node.Attr["value"].Tensor.TensorShape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dim { Size = count } } };
        System.IO.File.WriteAllBytes(File, model.ToByteArray());

        string message = Assert.Throws<TensorFlowFormatException>(() => TensorFlowModel.ReadSavedModel(_model)).Message;

        Assert.Contains($"Const '{node.Name}'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signature_without_outputs_is_refused()
    {
        SavedModel model = SavedModel.Parser.ParseFrom(System.IO.File.ReadAllBytes(File));
        model.MetaGraphs[0].SignatureDef["serving_default"].Outputs.Clear();
        System.IO.File.WriteAllBytes(File, model.ToByteArray());

        Assert.Contains(
            "'serving_default' has no outputs",
            Assert.Throws<TensorFlowFormatException>(() => TensorFlowModel.ReadSavedModel(_model)).Message,
            StringComparison.Ordinal
        );
    }
}
