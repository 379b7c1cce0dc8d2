namespace Porpoise.Worker.Runners.Spark;

/// <summary>Finds who is to be asked about work in cluster mode.</summary>
internal sealed class Clusters(SparkSettings settings, HttpClient http)
{
    private const int RestPort = 6066;

    /// <summary>What is written down about work before it is submitted.</summary>
    /// <exception cref="JobException">There is nobody whom the outcome could be asked of, so it is not submitted.</exception>
    public Submission Describe(SparkWork work, SparkTag tag) => KindOf(work) switch
    {
        YarnCluster.Kind => Submission.Of(YarnCluster.Kind, tag) with { Url = YarnUrl() },
        StandaloneCluster.Kind => Submission.Of(StandaloneCluster.Kind, tag) with { Url = RestUrl(work) },
        _ => Submission.Of(KubernetesCluster.Kind, tag) with { Master = work.Master, Id = KubernetesCluster.IdOf(SpaceOf(work), tag) },
    };

    /// <exception cref="JobException">There is nobody to be asked, or the work cannot run there.</exception>
    public ICluster Of(SparkWork work) => KindOf(work) switch
    {
        YarnCluster.Kind => new YarnCluster(http, RootOf(YarnUrl())),
        StandaloneCluster.Kind => new StandaloneCluster(http, RootOf(RestUrl(work))),
        _ => new KubernetesCluster(SparkSubmit.In(settings.Home), work.Master, SpaceOf(work)),
    };

    /// <summary>Who knows about what was submitted by whomever.</summary>
    /// <param name="submission">As it was written down.</param>
    /// <param name="home">The Spark to ask Kubernetes with.</param>
    public ICluster Of(Submission submission, string home) => submission.Cluster switch
    {
        YarnCluster.Kind => new YarnCluster(http, RootOf(submission.Url)),
        StandaloneCluster.Kind => new StandaloneCluster(http, RootOf(submission.Url)),
        KubernetesCluster.Kind => new KubernetesCluster(SparkSubmit.In(home), submission.Master, submission.Id.Split(':')[0]),
        _ => throw new JobException($"There is no cluster of the kind '{submission.Cluster}'."),
    };

    private static string KindOf(SparkWork work)
    {
        if (work.Master.StartsWith("spark://", StringComparison.Ordinal))
        {
            return work is { Kind: Core.Library.DevelopmentTaskKind.Jar, MainClass.Length: > 0 }
                ? StandaloneCluster.Kind
                : throw new JobException("A standalone cluster runs only drivers of JARs, and needs the name of their main class. Use the deploy mode client for SQL and Python, or give the JAR a mainClass.");
        }

        return work.Master.StartsWith("k8s://", StringComparison.Ordinal) ? KubernetesCluster.Kind
            : work.Master.StartsWith(YarnCluster.Kind, StringComparison.Ordinal) ? YarnCluster.Kind
            : throw new JobException($"The master is '{work.Master}'. In cluster mode it is yarn, spark://HOST:PORT or k8s://HOST:PORT.");
    }

    private string YarnUrl() => settings.YarnUrl.Length > 0
        ? settings.YarnUrl
        : throw new JobException("The resource manager of YARN is not known, and nobody else can say what becomes of an application there: set --spark-yarn-url, or PORPOISE_SPARK_YARN_URL in an environment of the task, to its web address, such as http://rm:8088.");

    private string RestUrl(SparkWork work) => settings.RestUrl.Length > 0 ? settings.RestUrl
        : Uri.TryCreate(work.Master.Split(',')[0], UriKind.Absolute, out var master) ? $"http://{master.Host}:{RestPort}"
        : throw new JobException($"The master is '{work.Master}'. It is spark://HOST:PORT.");

    private static string SpaceOf(SparkWork work) => work.Settings.GetValueOrDefault("spark.kubernetes.namespace") is { Length: > 0 } space ? space : "default";

    private static Uri RootOf(string url) => Uri.TryCreate(url.EndsWith('/') ? url : url + "/", UriKind.Absolute, out var root) && (root.Scheme is "http" or "https")
        ? root
        : throw new JobException($"'{url}' is no web address such as http://host:8088.");
}
