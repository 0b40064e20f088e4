using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Transforms.Onnx;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Sessions;

/// <summary>Opens all sessions of ONNX Runtime, with the options of the caller or of the MLContext.</summary>
internal static class SessionOpening
{
    static SessionOpening() => OnnxTelemetry.TurnOff();

    /// <summary>ONNX Runtime's version.</summary>
    public static string RuntimeVersion => OrtEnv.Instance().GetVersionString();

    /// <summary>The execution providers that ONNX Runtime's library was built with.</summary>
    public static IReadOnlyList<string> Providers => OrtEnv.Instance().GetAvailableProviders();

    /// <summary>True if the context sets how sessions are created.</summary>
    public static bool HasOptions(MLContext context) =>
        context.GetOnnxSessionOption()?.CreateSessionOptions is not null || context.GpuDeviceId is not null;

    /// <summary>Checks that sessions can be opened, before a network is trained that could not be used otherwise.</summary>
    /// <exception cref="InvalidOperationException">The native library is missing, or the GPU that was asked for.</exception>
    public static void Check(MLContext context)
    {
        if (context.GetOnnxSessionOption()?.CreateSessionOptions is not null)
            return;
        try
        {
            Options(context, new OnnxSessionSettings(), threads: 1, allowSpinning: true, out _).Dispose();
        }
        catch (Exception e) when (IsWithoutLibrary(e))
        {
            throw WithoutLibrary(e);
        }
    }

    /// <summary>Opens a model that computes for the user: on the device and with the options that were asked for.</summary>
    /// <param name="context">Says which, where the settings do not.</param>
    /// <param name="source">The model.</param>
    /// <param name="settings">The caller's.</param>
    /// <param name="threads">The number of threads on a processor; 0 lets ONNX Runtime choose.</param>
    /// <param name="allowSpinning">True if threads may spin while they wait.</param>
    /// <exception cref="OnnxFormatException">ONNX Runtime cannot load the model.</exception>
    /// <exception cref="InvalidOperationException">The native library is missing, or the GPU that was asked for.</exception>
    public static RuntimeSession Open(
        MLContext context,
        OnnxModelSource source,
        OnnxSessionSettings settings,
        int threads,
        bool allowSpinning = true
    )
    {
        try
        {
            SessionOptions options = Options(context, settings, threads, allowSpinning, out bool isOwn);
            try
            {
                return Open(source, options);
            }
            finally
            {
                // The user's own factory may hand out one object many times.
                if (isOwn)
                    options.Dispose();
            }
        }
        catch (Exception e) when (IsWithoutLibrary(e))
        {
            throw WithoutLibrary(e);
        }
        catch (OnnxRuntimeException e)
        {
            throw new OnnxFormatException(
                $"ONNX Runtime cannot load the model {source.Name}: {e.Message} "
                    + (
                        e.Message.Contains("No Op registered", StringComparison.Ordinal)
                        || e.Message.Contains("is not a registered function/op", StringComparison.Ordinal)
                            ? "Convert the model to operators of ONNX, or register their library in "
                                + "OnnxSessionSettings.CreateSessionOptions (RegisterCustomOpLibrary)."
                            : "Check the file with onnx.checker.check_model, or export it again."
                    ),
                e
            );
        }
    }

    /// <summary>
    /// Opens a model that the library itself wants to know something of, on the processor: what is found does not depend on devices and
    /// settings.
    /// </summary>
    /// <param name="source">The model.</param>
    /// <param name="configure">Changes ONNX Runtime's defaults.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime cannot load the model.</exception>
    /// <exception cref="InvalidOperationException">The native library is missing.</exception>
    public static RuntimeSession OpenToExamine(OnnxModelSource source, Action<SessionOptions> configure)
    {
        try
        {
            using var options = new SessionOptions();
            configure(options);
            return Open(source, options);
        }
        catch (Exception e) when (IsWithoutLibrary(e))
        {
            throw WithoutLibrary(e);
        }
    }

    private static RuntimeSession Open(OnnxModelSource source, SessionOptions options)
    {
        // Graphs that an application made were in no file that could be checked.
        source.Check();
        return new(source.Path is { } path ? new InferenceSession(path, options) : new InferenceSession(source.Bytes, options));
    }

    private static bool IsWithoutLibrary(Exception e) =>
        e is DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException };

    private static InvalidOperationException WithoutLibrary(Exception e) =>
        new("Scoring needs ONNX Runtime's native library. Add the package Microsoft.ML.OnnxRuntime to the application.", e);

    private static SessionOptions Options(MLContext context, OnnxSessionSettings settings, int threads, bool allowSpinning, out bool isOwn)
    {
        isOwn = false;
        if (settings.CreateSessionOptions is { } make)
            return make();
        if (context.GetOnnxSessionOption()?.CreateSessionOptions is { } create)
            return create();
        isOwn = true;
        var options = new SessionOptions { EnableCpuMemArena = settings.EnableMemoryArena };
        if (context.GpuDeviceId is not int gpu)
        {
            options.IntraOpNumThreads = threads;
            if (!allowSpinning)
                options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            return options;
        }
        try
        {
            options.AppendExecutionProvider_CUDA(gpu);
            return options;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or OnnxRuntimeException)
        {
            if (context.FallbackToCpu)
                return options;
            options.Dispose();
            throw new InvalidOperationException(
                $"GPU {gpu} (MLContext.GpuDeviceId) cannot be used for scoring: {e.Message} "
                    + "Add the package Microsoft.ML.OnnxRuntime.Gpu in place of Microsoft.ML.OnnxRuntime, or set MLContext.FallbackToCpu.",
                e
            );
        }
    }
}
