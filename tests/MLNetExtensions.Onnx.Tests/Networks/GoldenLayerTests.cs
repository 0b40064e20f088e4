using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Onnx.Networks.Layers;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Graphs;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Networks;

/// <summary>Declared networks with the weights of PyTorch's golden ones give their answers.</summary>
public class GoldenLayerTests
{
    private const int Batch = 8,
        Units = 24;

    [Theory]
    [InlineData("row_lstm")]
    [InlineData("row_lstm_bi")]
    [InlineData("row_gru")]
    [InlineData("row_rnn")]
    public void Recurrent_layers_are_pytorchs(string name)
    {
        using var record = new Npz(GoldenFiles.PathOf("training", name + ".npz"));
        // PyTorch's gates in ONNX's order: i f g o to i o f g; r z n to z r n.
        (RecurrentLayer layer, int[] gates) = name switch
        {
            "row_gru" => ((RecurrentLayer)new Gru(Units) { ReturnSequences = true, Name = "r" }, new[] { 1, 0, 2 }),
            "row_rnn" => (new Rnn(Units) { ReturnSequences = true, Name = "r" }, [0]),
            _ => (
                new Lstm(Units)
                {
                    ReturnSequences = true,
                    Bidirectional = name == "row_lstm_bi",
                    Name = "r",
                },
                [0, 3, 1, 2]
            ),
        };
        string[] directions = name == "row_lstm_bi" ? ["", "_reverse"] : [""];
        OnnxGraph graph = new Sequential(new RowSequence(), layer, new SequenceMean(), new Dense(10) { Name = "fc" }).Build(3, 32, 32);
        Check(
            record,
            graph,
            new Dictionary<string, float[]>
            {
                ["r.weight_ih"] = [.. directions.SelectMany(d => Gates($"r.weight_ih_l0{d}"))],
                ["r.weight_hh"] = [.. directions.SelectMany(d => Gates($"r.weight_hh_l0{d}"))],
                ["r.bias"] = [.. directions.SelectMany(d => Gates($"r.bias_ih_l0{d}").Concat(Gates($"r.bias_hh_l0{d}")))],
                ["fc.weight"] = Final(record, "fc.weight"),
                ["fc.bias"] = Final(record, "fc.bias"),
            }
        );

        IEnumerable<float> Gates(string parameter)
        {
            float[] values = Final(record, parameter);
            float[][] blocks = [.. values.Chunk(values.Length / gates.Length)];
            return gates.SelectMany(g => blocks[g]);
        }
    }

    [Fact]
    public void The_vision_transformer_is_pytorchs()
    {
        using var record = new Npz(GoldenFiles.PathOf("training", "vit_tiny.npz"));
        OnnxGraph graph = new VisionTransformer
        {
            Features = 32,
            Heads = 4,
            Blocks = 2,
            Patch = 8,
        }.Build(10);
        Check(
            record,
            graph,
            graph
                .Initializers.Values.Where(t => t.ElementType == OnnxElementType.Float && t.Shape.Count > 0)
                .ToDictionary(t => t.Name, t => Final(record, Recorded(t.Name)))
        );

        static string Recorded(string name) =>
            name.Replace("patch_embed.proj", "patch")
                .Replace("cls_token", "cls")
                .Replace("pos_embed", "pos")
                .Replace("norm1", "n1")
                .Replace("norm2", "n2")
                .Replace("attn.", "")
                .Replace("mlp.fc1", "f1")
                .Replace("mlp.fc2", "f2");
    }

    private static float[] Final(Npz record, string name) => record.Singles("final/" + name);

    private static void Check(Npz record, OnnxGraph graph, IReadOnlyDictionary<string, float[]> weights)
    {
        OnnxGraph trained = graph.WithWeights(
            weights.ToDictionary(w => w.Key, w => OnnxTensor.FromFloats(w.Key, [.. graph.Initializers[w.Key].Shape], w.Value))
        );
        using var batches = new Npz(GoldenFiles.PathOf("training", "batches.npz"));
        OnnxTensor x = OnnxTensor.FromFloats("input", [Batch, 3, 32, 32], batches.Singles("x")[..(Batch * 3 * 32 * 32)]);
        OnnxTensor logits = OrtRunner.Run(trained, new Dictionary<string, OnnxTensor> { ["input"] = x })[0];
        OrtRunner.AssertClose(OnnxTensor.FromFloats("logits", [Batch, 10], record.Singles("final_eval_logits")), logits, 1e-5);
    }
}
