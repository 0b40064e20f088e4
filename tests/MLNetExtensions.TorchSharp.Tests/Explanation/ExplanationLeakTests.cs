using MLNetExtensions.Explanation.Methods;
using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.TrainingContract.Explanation;

namespace MLNetExtensions.TorchSharp.Tests.Explanation;

/// <summary>Methods of gradients hold libtorch's tensors: none are left when they are disposed, and images add none.</summary>
public class ExplanationLeakTests
{
    public static TheoryData<ExplanationMethod> Methods =>
        [new GradCam(), new GradCam { Layer = "a1" }, new IntegratedGradients { Steps = 5 }];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Nothing_leaks(ExplanationMethod method)
    {
        TinyCnn.Explain(method);
        LifetimeStatistics tensors = DisposeScopeManager.Statistics.TensorStatistics;
        long closed = tensors.ThreadTotalLiveCount;
        using (IAttribution attribution = method.Open(TinyCnn.Setting()))
        {
            Explain(attribution);
            long open = tensors.ThreadTotalLiveCount;
            for (int i = 0; i < 50; i++)
                Explain(attribution);
            Assert.Equal(open, tensors.ThreadTotalLiveCount);
        }
        Assert.Equal(closed, tensors.ThreadTotalLiveCount);
    }

    private static void Explain(IAttribution attribution)
    {
        attribution.Score(TinyCnn.Image, 1, new float[5]);
        Assert.Single(attribution.Explain(TinyCnn.Image, [TinyCnn.Target], 0));
    }
}
