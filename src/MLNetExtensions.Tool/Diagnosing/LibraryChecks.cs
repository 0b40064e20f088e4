using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Sessions;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Training;
using MLNetExtensions.TorchSharp;

namespace MLNetExtensions.Tool.Diagnosing;

/// <summary>The native libraries: each is loaded and used.</summary>
internal static class LibraryChecks
{
    // A PNG file of one red pixel.
    private static readonly byte[] Pixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
    );

    public static Finding SkiaSharp() =>
        Try(
            "SkiaSharp",
            () =>
            {
                Version version = typeof(global::SkiaSharp.SKBitmap).Assembly.GetName().Version!;
                using var bitmap = global::SkiaSharp.SKBitmap.Decode(Pixel);
                if (bitmap is null || bitmap.GetPixel(0, 0).Red != 255)
                    throw new InvalidDataException("a PNG file of one red pixel was not read as such");
                _ = RasterImage.Decode(Pixel);
                return version is { Major: 2, Minor: 88 }
                    ? Finding.Ok("SkiaSharp", $"{version}, reads images")
                    : Finding.Fault("SkiaSharp", $"version {version}; ML.NET works with 2.88 alone", SkiaCure);
            },
            SkiaCure
        );

    public static Finding OnnxRuntime() =>
        Try(
            "ONNX Runtime",
            () => Finding.Ok("ONNX Runtime", $"{SessionOpening.RuntimeVersion}: {string.Join(", ", SessionOpening.Providers)}"),
            "The native library onnxruntime is missing or damaged: install the tool again (dotnet tool update MLNetExtensions.Tool), and on "
                + "Windows the Visual C++ runtime 2019 or newer."
        );

    public static Finding Torch()
    {
        try
        {
            Libtorch.Locate();
            var runtime = new TorchSharpRuntime();
            return Finding.Ok("libtorch", $"{runtime.Name} {Environment.GetEnvironmentVariable(Libtorch.Variable)}".TrimEnd());
        }
        catch (Exception error)
        {
            string reason = Reason(error);
            return Finding.Fault("libtorch", reason, TorchCure(reason));
        }
    }

    /// <summary>The GPU that a user asks for.</summary>
    public static Finding Gpu() =>
        Try(
            "GPU",
            () =>
            {
                bool scores = SessionOpening.Providers.Contains("CUDAExecutionProvider");
                bool trains = global::TorchSharp.torch.cuda.is_available();
                return scores && trains
                    ? Finding.Ok("GPU", "CUDA for training and scoring")
                    : Finding.Fault(
                        "GPU",
                        $"CUDA for training: {(trains ? "yes" : "no")}, for scoring: {(scores ? "yes" : "no")}",
                        GpuCure
                    );
            },
            GpuCure
        );

    private const string SkiaCure =
        "Install the tool again (dotnet tool update MLNetExtensions.Tool); in an application of your own, keep SkiaSharp and "
        + "SkiaSharp.NativeAssets.* at one version 2.88.";

    private const string GpuCure =
        "Install NVIDIA's driver; name a CUDA build of libtorch 2.10 in MLNETX_LIBTORCH; or leave --device away and train on the CPU.";

    private static string TorchCure(string reason) =>
        reason.Contains("libgomp", StringComparison.Ordinal)
            ? "libtorch lacks its OpenMP library. Copy libtorch whole (libgomp-*.so.1 lies beside libtorch_cpu.so), or install libgomp1 "
                + "(apt-get install libgomp1, dnf install libgomp, apk add libgomp)."
        : reason.Contains("ELF", StringComparison.Ordinal)
        || reason.Contains("too short", StringComparison.Ordinal)
        || reason.Contains("not a valid", StringComparison.OrdinalIgnoreCase)
            ? $"A file of libtorch is damaged, or of another system. Delete its folder and install it again: the package {Libtorch.Package}."
        : $"Add the package {Libtorch.Package} 2.10.0 to NuGet's folder (dotnet add package {Libtorch.Package} --version 2.10.0 in any "
            + $"project, then dotnet restore), or name a libtorch 2.10 folder in {Libtorch.Variable}. Scoring works without it.";

    private static Finding Try(string subject, Func<Finding> check, string cure)
    {
        try
        {
            return check();
        }
        catch (Exception error)
        {
            return Finding.Fault(subject, Reason(error), cure);
        }
    }

    /// <summary>The innermost message: type initializers wrap what is wrong.</summary>
    private static string Reason(Exception error)
    {
        while (error is TypeInitializationException && error.InnerException is { } inner)
            error = inner;
        return FailureText.OneLine(error.Message);
    }
}
