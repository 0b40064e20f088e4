namespace MLNetExtensions.Trainers.Dense;

/// <summary>The objects of an image.</summary>
/// <param name="Boxes">Left, top, right and bottom of each.</param>
/// <param name="Classes">The class of each, from 0.</param>
internal sealed record ObjectBoxes(float[] Boxes, int[] Classes)
{
    public int Count => Classes.Length;
}
