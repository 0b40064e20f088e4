using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Tests.Native;

[NeedsNothing]
public sealed class RegisteredKernelsTests
{
    [NeedsTensorFlow]
    [Fact]
    public void The_library_tells_its_kernels()
    {
        KernelList kernels = RegisteredKernels.Of("MatMul");
        Assert.Contains(kernels.Kernel, k => k is { Op: "MatMul", DeviceType: "CPU" });
        Assert.Empty(RegisteredKernels.Of("NoSuchOp").Kernel);
    }

    [Theory]
    [InlineData("CPU", false)]
    [InlineData("XLA_GPU_JIT", false)]
    [InlineData("GPU", true)]
    public void A_build_for_GPUs_has_kernels_for_them(string device, bool expected) =>
        Assert.Equal(
            expected,
            RegisteredKernels.AreForGpus(
                new KernelList
                {
                    Kernel =
                    {
                        new KernelDef { Op = "MatMul", DeviceType = "CPU" },
                        new KernelDef { Op = "MatMul", DeviceType = device },
                    },
                }
            )
        );

    /// <summary>A made-up description: no library here is built for GPUs.</summary>
    [Theory]
    [InlineData(false, false, "built for the CPU only")]
    [InlineData(true, false, "built for GPUs, but none is seen")]
    [InlineData(true, true, "built for GPUs;")]
    public void A_description_tells_a_library_without_a_driver_from_one_without_kernels(bool kernels, bool gpu, string expected)
    {
        TensorFlowDevice[] devices =
        [
            new("/job:localhost/replica:0/task:0/device:CPU:0", "CPU", 1),
            .. gpu ? new TensorFlowDevice[] { new("/job:localhost/replica:0/task:0/device:GPU:0", "GPU", 1) } : [],
        ];
        Assert.Contains(
            expected,
            new TensorFlowDescription("2.16.1", null, devices, [], kernels, ["AVX2"]).ToString(),
            StringComparison.Ordinal
        );
    }
}
