using System.Diagnostics;

namespace MLNetExtensions.Faults.Fuzzing;

/// <summary>The exceptions by which the product may answer.</summary>
internal static class FuzzAnswers
{
    /// <summary>
    /// The reason why an exception is no answer; null if it is one. An answer is of a type that the format lists, says something, and is
    /// thrown by the product: the same type thrown by the runtime is a fault that nobody has thought of.
    /// </summary>
    public static string? Problem(IFuzzFormat format, Exception exception)
    {
        StackFrame[] frames = new StackTrace(exception).GetFrames();
        bool isOwn = frames.FirstOrDefault() is { } thrower && IsProduct(thrower);
        if (isOwn && format.Answers.Contains(exception.GetType()) && exception.Message.Length > 0)
            return null;
        string message = exception.Message.ReplaceLineEndings(" ");
        return $"{exception.GetType().Name} at {Name(frames.FirstOrDefault(IsProduct))} (from {Name(frames.FirstOrDefault())}): "
            + (message.Length > 200 ? message[..200] + "..." : message);
    }

    private static bool IsProduct(StackFrame frame) =>
        frame.GetMethod()?.DeclaringType?.FullName is { } type
        && (type.StartsWith("MLNetExtensions.", StringComparison.Ordinal) || type.StartsWith("Microsoft.ML.", StringComparison.Ordinal))
        && !type.StartsWith("MLNetExtensions.Faults", StringComparison.Ordinal)
        && frame.GetMethod()!.Module.Name.StartsWith("MLNetExtensions", StringComparison.Ordinal);

    private static string Name(StackFrame? frame) => frame?.GetMethod() is { } method ? $"{method.DeclaringType?.Name}.{method.Name}" : "?";
}
