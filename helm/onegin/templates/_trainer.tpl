{{/* One unit of demand is one training. */}}
{{- define "onegin.demandTrigger" -}}
- type: metrics-api
  {{- /* AverageValue: as many trainers as trainings are wanted. */}}
  metricType: AverageValue
  metadata:
    url: {{ .url }}
    valueLocation: {{ .resource }}.demand
    targetValue: '1'
    activationTargetValue: '0'
{{- end -}}

{{/* The pod of a trainer, as Deployment and ScaledJob share it. */}}
{{- define "onegin.trainerPod" -}}
{{- $root := .root }}
{{- $pool := .pool }}
{{- $isGpu := eq $pool.resource "gpu" }}
{{- $image := $pool.image }}
{{- if not $image }}{{ $image = include "onegin.image" (dict "root" $root "name" (ternary "trainer-gpu" "trainer" $isGpu)) }}{{ end }}
{{- $resources := deepCopy $pool.resources }}
{{- if and $isGpu (gt (int $pool.gpus) 0) }}
{{- $resources = mergeOverwrite $resources (dict "limits" (dict $pool.gpuResource (int $pool.gpus))) }}
{{- end }}
{{- $tolerations := $pool.tolerations }}
{{- if $isGpu }}
{{- $tolerations = append $tolerations (dict "key" "nvidia.com/gpu" "operator" "Exists" "effect" "NoSchedule") }}
{{- end }}
metadata:
  labels: {{- include "onegin.labels" $root | nindent 4 }}
    app.kubernetes.io/component: trainer
    onegin/pool: {{ $pool.name }}
  {{- $annotations := deepCopy $pool.annotations }}
  {{- if not $pool.spot }}
  {{- /* Autoscalers of nodes must not move a trial; a spot pool's trials are cheap to release. */}}
  {{- $annotations = mergeOverwrite (dict "cluster-autoscaler.kubernetes.io/safe-to-evict" "false" "karpenter.sh/do-not-disrupt" "true") $annotations }}
  {{- end }}
  {{- with $annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ .fullname }}-trainer
  {{- include "onegin.podSecurity" (dict "root" $root "user" 10001) | nindent 2 }}
  {{- include "onegin.pullSecrets" $root | nindent 2 }}
  {{- with $pool.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $pool.affinity }}
  affinity: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $pool.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with $pool.runtimeClassName }}
  runtimeClassName: {{ . }}
  {{- end }}
  topologySpreadConstraints:
    - maxSkew: 2
      topologyKey: topology.kubernetes.io/zone
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels: {{- include "onegin.selectorLabels" $root | nindent 10 }}
          app.kubernetes.io/component: trainer
          onegin/pool: {{ $pool.name }}
  terminationGracePeriodSeconds: {{ add .drain $root.Values.shutdownGraceSeconds 10 }}
  {{- if .isJob }}
  restartPolicy: Never
  {{- end }}
  containers:
    - name: trainer
      image: {{ $image }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      {{- include "onegin.containerSecurity" $root | nindent 6 }}
      ports:
        - { name: metrics, containerPort: 9090 }
      env:
        {{- include "onegin.env" $root | nindent 8 }}
        - { name: HEALTH_PORT, value: '9090' }
        - { name: TRAINER_RESOURCE, value: {{ $pool.resource }} }
        - { name: TRAINER_DRAIN, value: {{ .drain }}s }
        {{- if and $isGpu (gt (int $pool.gpus) 0) }}
        - { name: DEVICES_PER_TRIAL, value: {{ quote $pool.gpus }} }
        {{- end }}
        {{- if gt (int $pool.threads) 0 }}
        - { name: TRAINER_THREADS, value: {{ quote $pool.threads }} }
        {{- end }}
        {{- if .isJob }}
        - { name: TRAINER_ENTRIES, value: '1' }
        # Another trainer may have taken the trial that this one was started for.
        - { name: TRAINER_IDLE_END, value: 60s }
        {{- end }}
        # The pod's name: by it the orchestrator finds the pod of a busy trainer.
        - name: TRAINER_ID
          valueFrom: { fieldRef: { fieldPath: metadata.name } }
        {{- with $pool.env }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      resources: {{- toYaml $resources | nindent 8 }}
      {{- include "onegin.probes" "metrics" | nindent 6 }}
      volumeMounts:
        - { name: tmp, mountPath: /tmp }
        - { name: shm, mountPath: /dev/shm }
        - { name: datasets, mountPath: /data/datasets }
  volumes:
    - name: tmp
      emptyDir: { sizeLimit: 2Gi }
    - name: shm
      emptyDir: { medium: Memory, sizeLimit: {{ $pool.shmSize }} }
    - name: datasets
      {{- if $pool.datasetsClaim }}
      persistentVolumeClaim: { claimName: {{ $pool.datasetsClaim }} }
      {{- else }}
      emptyDir: { sizeLimit: {{ $pool.datasetsSize }} }
      {{- end }}
{{- end -}}
