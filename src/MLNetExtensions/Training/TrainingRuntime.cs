namespace MLNetExtensions.Training;

/// <summary>Finds a training runtime where the options name none.</summary>
public static class TrainingRuntime
{
    private const string TorchSharpType = "MLNetExtensions.TorchSharp.TorchSharpRuntime, MLNetExtensions.TorchSharp";

    /// <summary>The TorchSharp runtime, where the application references the package MLNetExtensions.TorchSharp.</summary>
    /// <exception cref="InvalidOperationException">The package is not there; the message says what to add.</exception>
    public static ITrainingRuntime Default()
    {
        Type type = Type.GetType(TorchSharpType, throwOnError: false) ?? throw new InvalidOperationException(
            "Training needs a runtime. Add the package MLNetExtensions.TorchSharp and a libtorch package (TorchSharp-cpu, or libtorch-cpu-linux-x64), or set Runtime in the options.");
        return (ITrainingRuntime)Activator.CreateInstance(type)!;
    }
}
