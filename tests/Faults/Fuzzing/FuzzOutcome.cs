using System.Diagnostics;

namespace MLNetExtensions.Faults.Fuzzing;

/// <summary>What became of one input.</summary>
internal static class FuzzOutcome
{
    /// <summary>Runs an input.</summary>
    /// <returns>The finding in words; null if the product read or refused the input as it should.</returns>
    public static string? Of(IFuzzFormat format, FuzzInput input)
    {
        long before = GC.GetTotalAllocatedBytes();
        string answer = "";
        try
        {
            format.Execute(input);
        }
        catch (FuzzFindingException e)
        {
            return e.Message;
        }
        catch (Exception e)
        {
            if (!format.Answers.Contains(e.GetType()))
                return $"{e.GetType().Name} {Place(e)}: {OneLine(e.Message)}";
            if (e.Message.Length == 0)
                return $"{e.GetType().Name} without a message {Place(e)}";
            answer = $", then {e.GetType().Name}";
        }
        long allocated = GC.GetTotalAllocatedBytes() - before;
        return allocated > FuzzLimits.Allocated ? $"allocates {allocated >> 20} MB{answer}" : null;
    }

    /// <summary>The innermost method of the product, and the frame that threw.</summary>
    private static string Place(Exception exception)
    {
        while (exception is AggregateException or System.Reflection.TargetInvocationException && exception.InnerException is { } inner)
            exception = inner;
        StackFrame[] frames = new StackTrace(exception).GetFrames();
        StackFrame? own = frames.FirstOrDefault(f =>
            f.GetMethod()?.DeclaringType?.FullName?.StartsWith("MLNetExtensions.", StringComparison.Ordinal) == true
        );
        return $"at {Name(own)} (from {Name(frames.FirstOrDefault())})";

        static string Name(StackFrame? frame) => frame?.GetMethod() is { } method ? $"{method.DeclaringType?.Name}.{method.Name}" : "?";
    }

    private static string OneLine(string text)
    {
        text = text.ReplaceLineEndings(" ");
        return text.Length > 200 ? text[..200] + "..." : text;
    }
}
