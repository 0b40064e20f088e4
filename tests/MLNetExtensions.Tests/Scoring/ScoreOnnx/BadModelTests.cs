using System.Diagnostics;
using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Proto;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using MLNetExtensions.TestData.Needs;
using MLNetExtensions.Tests.Backbones;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.ScoreOnnx;

public sealed class BadModelTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ReloadedModels _reloaded = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _reloaded.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Unknown_operators_are_named_with_the_next_step()
    {
        OnnxGraph model = SmallModels.Create(
            [OnnxValue.Create("A", OnnxElementType.Float, -1, 3)],
            [OnnxValue.Create("y", OnnxElementType.Float, -1, 3)],
            [OnnxNode.Create("Frobnicate", ["A"], ["y"]) with { Domain = "com.example" }]
        );

        string message = Error(model.ToBytes());

        Assert.Contains("Frobnicate", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_is_an_error()
    {
        byte[] whole = SmallNetwork.Create(-1, 3, 16, 16).ToBytes();

        // Every length, but for those where a whole field of the model's end is missing, which is no damage that can be seen.
        int accepted = 0;
        for (int length = 0; length < whole.Length; length++)
        {
            try
            {
                OnnxFileCheck.Check(whole.AsSpan(0, length), "the model", folder: null);
                accepted++;
            }
            catch (OnnxFormatException e)
            {
                Assert.StartsWith("the model is no ONNX model that can be used: it ", e.Message, StringComparison.Ordinal);
            }
        }
        Assert.InRange(accepted, 0, 3);
        Assert.Contains("it is damaged or cut short at byte", Error(whole[..^700]), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_bytes_never_escape_as_another_error()
    {
        byte[] whole = SmallNetwork.Create(-1, 3, 16, 16).ToBytes();
        var random = new Random(1);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] damaged = [.. whole];
            for (int i = random.Next(1, 4); i > 0; i--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                OnnxFileCheck.Check(damaged, "the model", folder: null);
            }
            catch (OnnxFormatException)
            {
                // What is wanted.
            }
        }
    }

    [Fact]
    public void Tensors_of_huge_dimensions_are_refused_before_anything_is_allocated()
    {
        Assert.Contains(
            "tensor 'w' [65536,65536] needs 17179869184 bytes and holds 4",
            Error(With(Tensor(65536, 65536))),
            StringComparison.Ordinal
        );
        Assert.Contains("more elements than numbers can count", Error(With(Tensor(long.MaxValue, 4))), StringComparison.Ordinal);
        Assert.Contains("a negative size", Error(With(Tensor(-1))), StringComparison.Ordinal);
        Assert.Contains("more than 64 dimensions", Error(With(Tensor([.. Enumerable.Repeat(1L, 100_000)]))), StringComparison.Ordinal);
        TensorProto typed = Tensor(3);
        typed.RawData = ByteString.Empty;
        typed.FloatData.Add(1);
        Assert.Contains("needs 3 values and holds 1", Error(With(typed)), StringComparison.Ordinal);

        static TensorProto Tensor(params long[] sizes)
        {
            var tensor = new TensorProto
            {
                Name = "w",
                DataType = 1,
                RawData = ByteString.CopyFrom(0, 0, 0, 0),
            };
            tensor.Dims.AddRange(sizes);
            return tensor;
        }
    }

    [Fact]
    public void Constants_that_would_fill_the_memory_are_refused()
    {
        OnnxGraph model = SmallModels.Create(
            [OnnxValue.Create("A", OnnxElementType.Float, -1, 3)],
            [OnnxValue.Create("y", OnnxElementType.Float, -1, 3)],
            [
                OnnxNode.Create("ConstantOfShape", ["size"], ["huge"]),
                OnnxNode.Create("ReduceSum", ["huge"], ["sum"]),
                OnnxNode.Create("Add", ["A", "sum"], ["y"]),
            ],
            OnnxTensor.FromInt64s("size", [2], [100_000, 100_000])
        );

        Assert.Contains(
            "ConstantOfShape 'huge' makes a tensor of [100000,100000], more than 2 GB",
            Error(model.ToBytes()),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var graph = new GraphProto();
        for (int depth = 0; depth < 40; depth++)
        {
            var outer = new GraphProto();
            var node = new NodeProto { OpType = "If" };
            node.Attribute.Add(
                new AttributeProto
                {
                    Name = "then_branch",
                    G = graph,
                    Type = AttributeProto.Types.AttributeType.Graph,
                }
            );
            outer.Node.Add(node);
            graph = outer;
        }

        Assert.Contains(
            "nested in graphs more than 32 deep",
            Error(new ModelProto { Graph = graph }.ToByteArray()),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Missing_external_data_are_named()
    {
        byte[] model = With(External("weights.bin", 0, 12));
        string file = _folder.Add("model.onnx", model);

        Assert.Contains(
            "weights.bin' is missing",
            Assert.Throws<FileNotFoundException>(() => _ml.Model.OpenOnnx(file)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains("load the model from its path", Error(model), StringComparison.Ordinal);
        _folder.Add("weights.bin", new byte[8]);
        Assert.Contains(
            "bytes 0 to 12 are not in its external data file",
            Assert.Throws<OnnxFormatException>(() => _ml.Model.OpenOnnx(file)).Message,
            StringComparison.Ordinal
        );
        _folder.Add("model.onnx", With(External("../weights.bin", 0, 12)));
        Assert.Contains(
            "not inside the model's folder",
            Assert.Throws<OnnxFormatException>(() => _ml.Model.OpenOnnx(file)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void External_data_are_read()
    {
        _folder.Add("weights.bin", System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>([9, 10, 20, 30]));
        string file = _folder.Add("model.onnx", With(External("weights.bin", 4, 12)));
        IDataView view = _ml.Data.LoadFromEnumerable([new ScoreOnnxTensorTests.Row { A = [1, 2, 3] }]);
        using ScoreOnnxTransformer transformer = _ml.Transforms.ScoreOnnx("Y", "A", file).Fit(view);

        Assert.Equal(
            [
                [11, 22, 33],
            ],
            transformer.Transform(view).GetColumn<float[]>("Y")
        );
        Assert.Equal(
            [
                [11, 22, 33],
            ],
            _reloaded.Of(_ml, transformer, view.Schema).Transform(view).GetColumn<float[]>("Y")
        );
    }

    [Fact]
    public void Files_that_are_no_models_are_refused()
    {
        Assert.Contains("(0 bytes)", Error([]), StringComparison.Ordinal);
        Assert.Contains("is no ONNX model that can be used", Error("this is a text, no model"u8.ToArray()), StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => _ml.Model.OpenOnnx(_folder.Path + "/none.onnx"));
    }

    [Fact]
    public void Columns_that_do_not_fit_are_named_with_what_the_model_takes()
    {
        OnnxGraph model = SmallModels.Identity(OnnxElementType.Float, -1, 4);
        IDataView view = _ml.Data.LoadFromEnumerable([new ScoreOnnxTensorTests.Row { A = [1, 2, 3] }]);

        Assert.Contains(
            "input 'x' Float[batch,4] of the model the graph 'graph': column 'A' (3 a row) does not fill it",
            Assert.Throws<ArgumentOutOfRangeException>(() => Fit("A")).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "expected Single or a vector of it, got Int32",
            Assert.Throws<ArgumentOutOfRangeException>(() => Fit("Id")).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Could not find input column 'None'",
            Assert.Throws<ArgumentOutOfRangeException>(() => Fit("None")).Message,
            StringComparison.Ordinal
        );

        void Fit(string column) =>
            _ml.Transforms.ScoreOnnx(new ScoreOnnxOptions { Model = model, Inputs = [new OnnxInput { ColumnName = column }] }).Fit(view);
    }

    [Fact]
    public void What_ends_ONNX_Runtime_is_refused_in_a_file_beyond_our_reader_too()
    {
        // Its opset is older than what is read here: ONNX Runtime would be asked.
        byte[] model = new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = 6 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, 4)],
            Outputs = [OnnxValue.Create("y", OnnxElementType.Float, 4)],
            Nodes = [OnnxNode.Create("Split", ["x"], ["y"], OnnxAttribute.Of("num_outputs", 7L))],
            Initializers = new Dictionary<string, OnnxTensor>(),
        }.ToBytes();
        string file = _folder.Add("old.onnx", model);

        Assert.Contains(
            "Split 'y': its attribute 'num_outputs' is 7, but it has 1 outputs",
            Assert.Throws<OnnxFormatException>(() => _ml.Model.OpenOnnx(file)).Message,
            StringComparison.Ordinal
        );
    }

    [NeedsBackbones]
    [Fact]
    public void Real_models_pass_without_reading_their_weights()
    {
        string file = SharedData.PathOf("models", "mobilenetv2_1.0_224_bn.onnx");
        long before = GC.GetAllocatedBytesForCurrentThread();
        OnnxFileCheck.CheckFile(file);

        // Of 14 MB: the weights are skipped, not read.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.All(
            Directory.EnumerateFiles(SharedData.PathOf("models"), "*.onnx", SearchOption.AllDirectories),
            file => OnnxFileCheck.CheckFile(file)
        );
    }

    /// <summary>The message for the model as a file, and as bytes where it is another.</summary>
    private string Error(byte[] model)
    {
        string fromFile = "";
        try
        {
            using OnnxSession session = _ml.Model.OpenOnnx(_folder.Add("bad.onnx", model));
            Assert.Fail("The model was opened.");
        }
        catch (Exception e) when (e is OnnxFormatException or FileNotFoundException)
        {
            fromFile = e.Message;
        }
        return $"{fromFile}\n{Assert.Throws<OnnxFormatException>(() => FromBytes(model)).Message}";
    }

    private void FromBytes(byte[] model) =>
        _ml
            .Transforms.ScoreOnnx(new ScoreOnnxOptions { ModelBytes = model })
            .Fit(_ml.Data.LoadFromEnumerable([new ScoreOnnxTensorTests.Row { A = [1, 2, 3] }]));

    /// <summary>y = A + w.</summary>
    private static byte[] With(TensorProto w)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(
            SmallModels
                .Create(
                    [OnnxValue.Create("A", OnnxElementType.Float, -1, 3)],
                    [OnnxValue.Create("y", OnnxElementType.Float, -1, 3)],
                    [OnnxNode.Create("Add", ["A", "w"], ["y"])]
                )
                .ToBytes()
        );
        model.Graph.Initializer.Add(w);
        return model.ToByteArray();
    }

    private static TensorProto External(string location, long offset, long length)
    {
        var tensor = new TensorProto
        {
            Name = "w",
            DataType = 1,
            DataLocation = TensorProto.Types.DataLocation.External,
        };
        tensor.Dims.Add(3);
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = $"{offset}" });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = $"{length}" });
        return tensor;
    }
}
