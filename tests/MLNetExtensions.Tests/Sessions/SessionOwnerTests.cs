using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Transforms.Onnx;
using MLNetExtensions.Backbones;
using MLNetExtensions.Onnx;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Tests.Sessions;

/// <summary>One place opens sessions, so that what the MLContext says of them holds everywhere.</summary>
public sealed class SessionOwnerTests
{
    [Fact]
    public void One_file_opens_sessions_of_ONNX_Runtime()
    {
        string sources = Path.Combine(SharedData.RepositoryRoot, "src");
        IEnumerable<string> files = Directory
            .EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(sources, file).Split(Path.DirectorySeparatorChar).Contains("obj"))
            .Where(file => File.ReadAllText(file).Contains("new InferenceSession(", StringComparison.Ordinal));
        Assert.Equal(["SessionOpening.cs"], files.Select(Path.GetFileName));
    }

    [Fact]
    public void The_frozen_pass_takes_the_session_options_of_the_context()
    {
        var ml = new MLContext(seed: 1);
        int made = 0;
        ml.SetOnnxSessionOption(
            new OnnxSessionOptions
            {
                CreateSessionOptions = () =>
                {
                    made++;
                    return new SessionOptions();
                },
            }
        );
        using FrozenLayers frozen = Frozen(ml);
        Assert.Equal([3], frozen.OutputSizes);
        Assert.Equal(1, made);
    }

    [Fact]
    public void The_frozen_pass_runs_on_the_GPU_of_the_context()
    {
        using FrozenLayers frozen = Frozen(new MLContext(seed: 1) { GpuDeviceId = 97 });
        Assert.Contains(
            "GPU 97 (MLContext.GpuDeviceId) cannot be used for scoring",
            Assert.Throws<InvalidOperationException>(() => frozen.OutputSizes).Message
        );

        using FrozenLayers onProcessor = Frozen(new MLContext(seed: 1) { GpuDeviceId = 97, FallbackToCpu = true });
        Assert.Equal([3], onProcessor.OutputSizes);
    }

    private static FrozenLayers Frozen(MLContext context)
    {
        OnnxGraph network = TinyClassifier.Network();
        return new FrozenLayers(
            context,
            network,
            FineTuneLayers.Head,
            Backbone.FromGraph(network, TinyClassifier.Preprocessing),
            threads: 1
        );
    }
}
