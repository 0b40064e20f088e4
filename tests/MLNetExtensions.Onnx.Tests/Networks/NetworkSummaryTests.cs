using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.Onnx.Tests.Networks;

public class NetworkSummaryTests
{
    [Fact]
    public void Prints_a_table()
    {
        // The shapes and parameters are those that TensorFlow's tutorial prints for the same network.
        const string expected = """
            Network: SeedCnn
            ------------------------------------------------------------------
            Layer (operator)        Output shape         Parameters       MACs
            ------------------------------------------------------------------
            conv2d (Conv)           (batch, 32, 30, 30)         896    777,600
            relu (Relu)             (batch, 32, 30, 30)           0          -
            max_pool2d (MaxPool)    (batch, 32, 15, 15)           0          -
            conv2d_1 (Conv)         (batch, 64, 13, 13)      18,496  3,115,008
            relu_1 (Relu)           (batch, 64, 13, 13)           0          -
            max_pool2d_1 (MaxPool)  (batch, 64, 6, 6)             0          -
            conv2d_2 (Conv)         (batch, 64, 4, 4)        36,928    589,824
            relu_2 (Relu)           (batch, 64, 4, 4)             0          -
            flatten (Flatten)       (batch, 1024)                 0          -
            dense (Gemm)            (batch, 64)              65,600     65,536
            relu_3 (Relu)           (batch, 64)                   0          -
            dense_1 (Gemm)          (batch, 10)                 650        640
            ------------------------------------------------------------------
            Trainable parameters: 122,570 (478.79 KB)
            Non-trainable parameters: 0 (0.00 KB)
            MACs for one row: 4,548,608
            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), new SeedCnn().Build(10).Summary().ToString());
    }

    [Theory]
    [InlineData(18, 1_814_073_344)]
    [InlineData(50, 4_089_184_256)]
    public void Counts_the_macs_of_resnet(int depth, long macs)
    {
        // torchvision's documentation: 1.81 and 4.09 GFLOPS; fvcore counts these numbers exactly.
        Assert.Equal(macs, new ResNet(depth).Build(1000, 3, 224, 224).Summary().Macs);
    }

    [Fact]
    public void Recurrent_layers_count_each_step()
    {
        NetworkSummary summary = new RowLstm(24) { Bidirectional = true }
            .Build(10)
            .Summary();
        Assert.Equal(32L * 2 * 96 * (96 + 24) + 48 * 10, summary.Macs);
        LayerSummary lstm = Assert.Single(summary.Layers, l => l.Name == "lstm");
        Assert.Equal("LSTM", lstm.OpType);
        Assert.Equal([48], lstm.OutputShape);
    }

    [Fact]
    public void Running_statistics_are_not_parameters()
    {
        NetworkSummary summary = new ResNet(18).Build(10).Summary();
        Assert.Equal(11_173_962, summary.Parameters);
        Assert.Equal(9_600, summary.NonTrainableParameters);
    }

    [Fact]
    public void Other_tools_files_have_a_summary_too()
    {
        NetworkSummary summary = OnnxGraph.Load(GoldenFiles.PathOf("training", "resnet_tiny.onnx")).Summary();
        Assert.Contains(summary.Layers, l => l.Parameters > 0 && l.OpType == "Conv" && l.Macs > 0);
        using var record = new Npz(GoldenFiles.PathOf("training", "resnet_tiny.npz"));
        long all = record.Names.Where(n => n.StartsWith("final/", StringComparison.Ordinal)).Sum(n => record.Singles(n).LongLength);
        Assert.Equal(all, summary.Parameters + summary.NonTrainableParameters);
    }
}
