using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace MLNetExtensions.Imaging.Augmentations;

/// <summary>The augmentations that another one combines.</summary>
internal static class Operands
{
    public static ImmutableArray<Augmentation> NoNulls(
        IEnumerable<Augmentation> augmentations,
        [CallerArgumentExpression(nameof(augmentations))] string name = ""
    )
    {
        ArgumentNullException.ThrowIfNull(augmentations, name);
        ImmutableArray<Augmentation> copy = [.. augmentations];
        int missing = copy.IndexOf(null!);
        return missing < 0 ? copy : throw new ArgumentNullException(name, $"Augmentation {missing} is null.");
    }
}
