using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace MLNetExtensions.Augmentations;

/// <summary>Checks of settings where they are given, so that a wrong one is reported there and not in the middle of training.</summary>
internal static class Arguments
{
    public static float InRange(float value, float min, float max, [CallerMemberName] string name = "") => value >= min && value <= max
        ? value
        : throw new ArgumentOutOfRangeException(name, value, float.IsPositiveInfinity(max)
            ? $"{name} must be a finite number of at least {min}."
            : $"{name} must be between {min} and {max}.");

    public static float AtLeast(float value, float min, [CallerMemberName] string name = "") => value >= min && float.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a finite number of at least {min}.");

    public static float Positive(float value, [CallerMemberName] string name = "") => value > 0 && float.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a positive finite number.");

    public static int InRange(int value, int min, int max, [CallerMemberName] string name = "") => value >= min && value <= max
        ? value
        : throw new ArgumentOutOfRangeException(name, value, max == int.MaxValue
            ? $"{name} must be at least {min}."
            : $"{name} must be between {min} and {max}.");

    public static ImmutableArray<Augmentation> NoNulls(IEnumerable<Augmentation> augmentations, [CallerArgumentExpression(nameof(augmentations))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(augmentations, name);
        ImmutableArray<Augmentation> copy = [.. augmentations];
        int missing = copy.IndexOf(null!);
        return missing < 0 ? copy : throw new ArgumentNullException(name, $"Augmentation {missing} is null.");
    }
}
