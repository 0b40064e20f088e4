namespace MLNetExtensions.TrainingContract.Explanation;

/// <summary>Comparisons with golden values.</summary>
internal static partial class TinyCnn
{
    public static void AssertClose(float[] expected, float[] actual, double tolerance = 1e-4)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= tolerance * scale,
                $"value {i}: expected {expected[i]}, got {actual[i]}; the largest is {scale}"
            );
    }
}
