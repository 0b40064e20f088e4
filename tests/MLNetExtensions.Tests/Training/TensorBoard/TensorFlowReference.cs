namespace MLNetExtensions.Tests.Training.TensorBoard;

/// <summary>What TensorFlow 2.16.2's own ops wrote (SummaryWriter, WriteScalarSummary, WriteHistogramSummary, HistogramSummary).</summary>
internal static class TensorFlowReference
{
    /// <summary>The values of both histograms.</summary>
    public static readonly float[] Values =
    [
        -3.5f,
        -1,
        -0.001f,
        0,
        0,
        1e-13f,
        1e-12f,
        0.25f,
        0.25f,
        1,
        1.1f,
        7,
        1e6f,
        -1e-12f,
        1e20f,
        3e38f,
        -3e38f,
    ];

    /// <summary>A serialized Summary of the histogram, tag "h".</summary>
    public static byte[] HistogramSummary =>
        Convert.FromBase64String(
            "CpADCgFoKooDCQAAAMA8NuzHEQAAAMA8NuxHGQAAAAAAADFAKYBUez1G3/hPMrAB////////7/9MVJ8CI4MVxIFES/gLpw7Adfhyyq3dC8ArFPrNviTwvwiZ"
                + "aRkVWu2/bkubgJZMUb9roDFe+nNPvxHqLYGZl3G9AAAAAAAAAAAR6i2BmZdxPe1a01/F6s4/nAuBwR8B0T8ImWkZFVrtPysU+s2+JPA/Y0nGFQXC8T8piOrQ"
                + "wiYbQGEvNUzW3R1A8wZtDA8eLEEM7nda3e0uQUxUnwIjgxVE////////7386sAEAAAAAAAAAAAAAAAAAAPA/AAAAAAAAAAAAAAAAAADwPwAAAAAAAAAAAAAA"
                + "AAAA8D8AAAAAAAAAAAAAAAAAAPA/AAAAAAAAAAAAAAAAAADwPwAAAAAAABBAAAAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAA8D8AAAAAAADwPwAAAAAA"
                + "AAAAAAAAAAAA8D8AAAAAAAAAAAAAAAAAAPA/AAAAAAAAAAAAAAAAAAAAQA=="
        );

    /// <summary>An event file: the version, the scalar loss/train = 0.625 at step 42, the histogram weights at step 43.</summary>
    public static byte[] EventFile =>
        Convert.FromBase64String(
            "PgAAAAAAAADZ0kDnCQAAgI+GwdpBGg1icmFpbi5FdmVudDoyUiQKInRlbnNvcmZsb3cuY29yZS51dGlsLmV2ZW50c193cml0ZXJq4Si3IAAAAAAAAAAp7alQ"
                + "CfXyuY+GwdpBECoqEwoRCgpsb3NzL3RyYWluFQAAID+RGIPGpwEAAAAAAAC+OflzCRfzuY+GwdpBECsqmQMKlgMKB3dlaWdodHMqigMJAAAAwDw27McRAAAA"
                + "wDw27EcZAAAAAAAAMUApgFR7PUbf+E8ysAH////////v/0xUnwIjgxXEgURL+AunDsB1+HLKrd0LwCsU+s2+JPC/CJlpGRVa7b9uS5uAlkxRv2ugMV76c0+/"
                + "EeotgZmXcb0AAAAAAAAAABHqLYGZl3E97VrTX8Xqzj+cC4HBHwHRPwiZaRkVWu0/KxT6zb4k8D9jScYVBcLxPymI6tDCJhtAYS81TNbdHUDzBm0MDx4sQQzu"
                + "d1rd7S5BTFSfAiODFUT////////vfzqwAQAAAAAAAAAAAAAAAAAA8D8AAAAAAAAAAAAAAAAAAPA/AAAAAAAAAAAAAAAAAADwPwAAAAAAAAAAAAAAAAAA8D8A"
                + "AAAAAAAAAAAAAAAAAPA/AAAAAAAAEEAAAAAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAADwPwAAAAAAAPA/AAAAAAAAAAAAAAAAAADwPwAAAAAAAAAAAAAA"
                + "AAAA8D8AAAAAAAAAAAAAAAAAAABA08XdXA=="
        );
}
