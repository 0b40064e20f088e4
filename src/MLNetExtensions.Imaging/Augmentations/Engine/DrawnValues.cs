using System.Runtime.CompilerServices;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>The numbers that were drawn for one operation on one image; what they mean is the operation's own affair.</summary>
[InlineArray(Capacity)]
internal struct DrawnValues
{
    public const int Capacity = 6;

    private float _first;

    public static DrawnValues Of(params ReadOnlySpan<float> values)
    {
        DrawnValues drawn = default;
        values.CopyTo(drawn);
        return drawn;
    }
}
