using System.Reflection;

namespace MLNetExtensions.Training;

/// <summary>Finds a training runtime if the options name none.</summary>
public static class TrainingRuntime
{
    private const string TorchSharpType = "MLNetExtensions.TorchSharp.TorchSharpRuntime, MLNetExtensions.TorchSharp";

    /// <summary>Creates a runtime with its constructor without arguments; its errors (a missing native library) are passed on.</summary>
    internal static ITrainingRuntime Create(Type type) =>
        (ITrainingRuntime)
            Activator.CreateInstance(
                type,
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.DoNotWrapExceptions,
                binder: null,
                args: null,
                culture: null
            )!;

    /// <summary>Creates the TorchSharp runtime, if the application references the package MLNetExtensions.TorchSharp.</summary>
    /// <exception cref="InvalidOperationException">The package is missing; the message says what to add.</exception>
    /// <exception cref="DllNotFoundException">libtorch is missing; the message lists the places searched and says what to add.</exception>
    public static ITrainingRuntime Default()
    {
        Type type =
            Type.GetType(TorchSharpType, throwOnError: false)
            ?? throw new InvalidOperationException(
                "Training needs a runtime. Add the package MLNetExtensions.TorchSharp and a libtorch package (TorchSharp-cpu, or "
                    + "libtorch-cpu-linux-x64), or set Runtime in the options."
            );
        return Create(type);
    }
}
