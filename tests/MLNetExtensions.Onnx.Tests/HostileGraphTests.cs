using System.Diagnostics;
using Google.Protobuf;
using MLNetExtensions.Onnx.Checking;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Onnx.Proto;
using MLNetExtensions.TestData;
using Xunit;
using static MLNetExtensions.Onnx.OnnxAttribute;

namespace MLNetExtensions.Onnx.Tests;

/// <summary>Small files that once ended the process, took all memory, or never ended: each is refused, and the message says where.</summary>
public sealed class HostileGraphTests
{
    private const long Megabyte = 1 << 20;

    [Theory]
    [InlineData(-2L, -2L)]
    [InlineData(-1L, -1L)]
    [InlineData(long.MaxValue, 3L)]
    public void A_shape_that_is_none_is_no_endless_form(long first, long second)
    {
        OnnxGraph graph = Graph([2, 2], OnnxNode.Create("Reshape", ["x", "shape"], ["y"])) with
        {
            Initializers = Tensors(OnnxTensor.FromInt64s("shape", [2], [first, second])),
        };

        Assert.Contains("Reshape 'y'", Assert.Throws<OnnxFormatException>(() => graph.Summary()).Message, StringComparison.Ordinal);
        Assert.Single(graph.Check(), p => p.Kind == OnnxProblemKind.ShapeMismatch);
    }

    [Fact]
    public void A_graph_without_outputs_is_refused() =>
        Assert.Contains("no outputs", Refused(new GraphProto { Name = "g" }), StringComparison.Ordinal);

    [Fact]
    public void A_node_without_outputs_is_refused() =>
        Assert.Contains("Relu", Refused(Nodes(new NodeProto { OpType = "Relu", Input = { "x" } })), StringComparison.Ordinal);

    [Theory]
    [InlineData("Relu", 0)]
    [InlineData("BatchNormalization", 4)]
    [InlineData("Where", 2)]
    public void A_node_without_an_input_that_it_needs_is_refused(string op, int inputs)
    {
        var node = new NodeProto { OpType = op, Output = { "y" } };
        node.Input.AddRange(Enumerable.Repeat("x", inputs));

        Assert.Contains($"{op} 'y' has no input {inputs}", Refused(Nodes(node)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_left_out_among_any_number_is_refused()
    {
        GraphProto graph = Nodes(
            new NodeProto
            {
                OpType = "Max",
                Input = { "x", "", "x" },
                Output = { "y" },
            }
        );

        Assert.Contains("Max 'y' leaves out input 1", Refused(graph), StringComparison.Ordinal);
        Assert.Throws<OnnxFormatException>(() => OnnxFileCheck.Check(Model(graph).ToByteArray(), "file", folder: null));
    }

    [Fact]
    public void An_attribute_that_is_there_twice_is_refused()
    {
        var node = new NodeProto
        {
            OpType = "ArgMax",
            Input = { "x" },
            Output = { "y" },
            Attribute = { Of("axis", 1L).Proto, Of("axis", 0L).Proto },
        };

        Assert.Contains("ArgMax 'y' has the attribute 'axis' twice", Refused(Nodes(node)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_made_twice_is_refused() =>
        Assert.Contains(
            "makes 'y', which is there already",
            Refused(
                Nodes(
                    new NodeProto
                    {
                        OpType = "Relu",
                        Input = { "x" },
                        Output = { "y" },
                    },
                    new NodeProto
                    {
                        OpType = "Neg",
                        Input = { "x" },
                        Output = { "y" },
                    }
                )
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_window_wider_than_any_image_is_refused() =>
        Assert.Contains(
            "kernel_shape hold 4294967296",
            Refused(
                Nodes(
                    new NodeProto
                    {
                        OpType = "LpPool",
                        Input = { "x" },
                        Output = { "y" },
                        Attribute = { Of("kernel_shape", 2L, 1L << 32).Proto },
                    }
                )
            ),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(OnnxElementType.Float, (1L << 32) - 1)]
    [InlineData(OnnxElementType.Int64, 1L << 30)]
    public void A_size_that_no_value_can_have_is_refused(OnnxElementType type, long size)
    {
        GraphProto graph = Nodes(
            new NodeProto
            {
                OpType = "Relu",
                Input = { "x" },
                Output = { "y" },
            }
        );
        graph.Input[0].Type.TensorType.ElemType = (int)type;
        graph.Input[0].Type.TensorType.Shape.Dim[0].DimValue = size;
        byte[] file = Model(graph).ToByteArray();

        Assert.Contains("'x'", Refused(graph), StringComparison.Ordinal);
        // ONNX Runtime opens files that are not read here; the look through them finds the same.
        Assert.Contains(
            "'x'",
            Assert.Throws<OnnxFormatException>(() => OnnxFileCheck.Check(file, "file", folder: null)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Constants_that_a_file_only_describes_take_no_memory_until_they_are_read()
    {
        OnnxGraph graph = Graph(
            [1, 8],
            OnnxNode.Create("ConstantOfShape", ["shape"], ["w"]),
            OnnxNode.Create("MatMul", ["x", "w"], ["y"])
        ) with
        {
            Initializers = Tensors(OnnxTensor.FromInt64s("shape", [2], [8, 10_000_000])),
        };

        long before = GC.GetAllocatedBytesForCurrentThread();
        NetworkSummary summary = graph.Summary();

        Assert.Equal(80_000_000, summary.Parameters);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50 * Megabyte);
    }

    [Theory]
    [InlineData("Expand", 1L << 40)]
    [InlineData("Expand", 1L << 24)]
    [InlineData("Tile", 1L << 33)]
    public void What_grows_without_measure_is_not_computed(string op, long times)
    {
        OnnxGraph graph = Graph([1], OnnxNode.Create(op, ["one", "times"], ["many"]), OnnxNode.Create("Add", ["x", "many"], ["y"])) with
        {
            Initializers = Tensors(OnnxTensor.FromFloats("one", [1], [1]), OnnxTensor.FromInt64s("times", [1], [times])),
        };

        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            ConstantFolding.Apply(graph);
            OpsetUpgrade.Apply(graph);
        }
        catch (OnnxFormatException e)
        {
            Assert.Contains($"{op} 'many'", e.Message, StringComparison.Ordinal);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 * Megabyte);
    }

    [Fact]
    public void A_value_far_larger_than_the_inputs_is_found()
    {
        OnnxGraph graph = Graph([1, 8], OnnxNode.Create("Expand", ["x", "shape"], ["y"])) with
        {
            Initializers = Tensors(OnnxTensor.FromInt64s("shape", [2], [1L << 30, 8])),
        };

        Assert.Contains(
            "Expand 'y'",
            Assert.Throws<OnnxFormatException>(() => OversizedValue.Check(graph)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_sequence_is_not_unrolled_without_end()
    {
        OnnxGraph graph = Graph([100_000_000, 1, 1], OnnxNode.Create("RNN", ["x", "w", "r"], ["y"], Of("hidden_size", 1L))) with
        {
            Initializers = Tensors(OnnxTensor.FromFloats("w", [1, 1, 1], [1]), OnnxTensor.FromFloats("r", [1, 1, 1], [1])),
        };

        Assert.Throws<OnnxFormatException>(() =>
            GraphLowering.Lower(graph, new Dictionary<string, long[]> { ["x"] = [100_000_000, 1, 1] }, _ => false)
        );
    }

    [Fact]
    public void Functions_that_call_each_other_twice_end()
    {
        GraphProto graph = Nodes(
            new NodeProto
            {
                Domain = "f",
                OpType = "F0",
                Input = { "x" },
                Output = { "y" },
            }
        );
        ModelProto model = Model(graph);
        for (int i = 0; i < 60; i++)
            model.Functions.Add(Doubling(i));
        OnnxGraph read = OnnxGraph.Load(new MemoryStream(model.ToByteArray()));

        Assert.Throws<OnnxFormatException>(() => FunctionInlining.Apply(read));
    }

    [Fact]
    public void Many_nodes_in_the_wrong_order_are_sorted_at_once()
    {
        const int Count = 40_000;
        var graph = new GraphProto { Name = "g" };
        for (int i = Count - 1; i >= 0; i--)
            graph.Node.Add(
                new NodeProto
                {
                    OpType = "Relu",
                    Input = { i == 0 ? "x" : $"v{i - 1}" },
                    Output = { $"v{i}" },
                }
            );
        byte[] file = Model(WithInput(graph, $"v{Count - 1}")).ToByteArray();

        var clock = Stopwatch.StartNew();
        OnnxGraph read = OnnxGraph.Load(new MemoryStream(file));
        read.Check();
        read.Summary();

        Assert.Equal("v0", read.Nodes[0].Outputs[0]);
        // A watchdog: it took minutes when each node was looked for among all.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"took {clock.Elapsed}");
    }

    [Fact]
    public async Task External_data_that_are_a_pipe_are_not_opened()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes are files on Linux");
        using var folder = new TemporaryFolder();
        using (var make = Process.Start("mkfifo", Path.Combine(folder.Path, "w.bin")))
            make.WaitForExit();
        var tensor = new TensorProto
        {
            Name = "w",
            DataType = (int)OnnxElementType.Float,
            Dims = { 4 },
            DataLocation = TensorProto.Types.DataLocation.External,
            ExternalData =
            {
                new StringStringEntryProto { Key = "location", Value = "w.bin" },
            },
        };
        GraphProto graph = Nodes(
            new NodeProto
            {
                OpType = "Add",
                Input = { "x", "w" },
                Output = { "y" },
            }
        );
        graph.Initializer.Add(tensor);
        string path = Path.Combine(folder.Path, "model.onnx");
        File.WriteAllBytes(path, Model(graph).ToByteArray());

        Task<string> load = Task.Run(() => Assert.Throws<OnnxFormatException>(() => OnnxGraph.Load(path)).Message);

        // It must not wait for a pipe.
        Assert.Contains("'w'", await load.WaitAsync(TimeSpan.FromSeconds(30)), StringComparison.Ordinal);
    }

    private static string Refused(GraphProto graph) =>
        Assert.Throws<OnnxFormatException>(() => OnnxGraph.Load(new MemoryStream(Model(graph).ToByteArray()))).Message;

    private static FunctionProto Doubling(int level)
    {
        var function = new FunctionProto
        {
            Domain = "f",
            Name = $"F{level}",
            Input = { "a" },
            Output = { "b" },
        };
        function.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        foreach ((string from, string to) in new[] { ("a", "m"), ("m", "b") })
            function.Node.Add(
                new NodeProto
                {
                    Domain = "f",
                    OpType = $"F{level + 1}",
                    Input = { from },
                    Output = { to },
                }
            );
        return function;
    }

    private static GraphProto Nodes(params NodeProto[] nodes)
    {
        var graph = new GraphProto { Name = "g" };
        graph.Node.AddRange(nodes);
        return WithInput(graph, "y");
    }

    private static GraphProto WithInput(GraphProto graph, string output)
    {
        graph.Input.Add(Value("x"));
        graph.Output.Add(new ValueInfoProto { Name = output });
        return graph;
    }

    private static ValueInfoProto Value(string name)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = 4 });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)OnnxElementType.Float, Shape = shape },
            },
        };
    }

    private static ModelProto Model(GraphProto graph)
    {
        var model = new ModelProto { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        return model;
    }

    private static OnnxGraph Graph(long[] input, params OnnxNode[] nodes) =>
        new()
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, input)],
            Outputs = [new OnnxValue(nodes[^1].Outputs[0], OnnxElementType.Undefined, null)],
            Nodes = nodes,
            Initializers = new Dictionary<string, OnnxTensor>(),
        };

    private static OrderedDictionary<string, OnnxTensor> Tensors(params OnnxTensor[] tensors) =>
        new(tensors.Select(t => KeyValuePair.Create(t.Name, t)));
}
