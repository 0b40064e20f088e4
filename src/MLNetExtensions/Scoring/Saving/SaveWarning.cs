using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>The warnings in the context's log when a model is saved.</summary>
internal static class SaveWarning
{
    public static void Write(MLContext context, string message)
    {
        using IChannel channel = ((IHostEnvironment)context).Register("MLNetExtensions").Start("Saving");
        channel.Warning(MessageSensitivity.UserData, "{0}", message);
    }

    /// <summary>
    /// Warns that an application needs a package to load the model; ML.NET's own error would only name the missing assembly.
    /// </summary>
    /// <param name="context">The context, for its log.</param>
    /// <param name="reason">The reason.</param>
    /// <param name="package">The package, and its assembly.</param>
    public static void NeedsPackage(MLContext context, string reason, string package = "MLNetExtensions.SavedSteps") =>
        Write(
            context,
            $"{reason} An application that loads the saved model needs the package {package}; without it, ModelOperationsCatalog.Load "
                + $"cannot find the assembly of that name."
        );
}
