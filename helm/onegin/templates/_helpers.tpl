{{- define "onegin.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "onegin.selectorLabels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "onegin.labels" -}}
{{ include "onegin.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* Image of a service: (dict "root" $ "name" "gateway"). */}}
{{- define "onegin.image" -}}
{{- $image := .root.Values.image -}}
{{- with $image.registry }}{{ . }}/{{ end }}onegin/{{ .name }}:{{ default .root.Chart.AppVersion $image.tag }}
{{- end -}}

{{- define "onegin.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end -}}

{{/* What the restricted pod security standard asks of a pod, and no token: (dict "root" $ "user" 10001). */}}
{{- define "onegin.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .user }}
  runAsGroup: {{ .user }}
  fsGroup: {{ .user }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{- define "onegin.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end -}}

{{/* Where its pods may run and how they spread: (dict "root" $ "component" "gateway" "at" .Values.gateway). */}}
{{- define "onegin.placement" -}}
{{- with .at.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .at.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .at.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
topologySpreadConstraints:
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "onegin.selectorLabels" $.root | nindent 8 }}
        app.kubernetes.io/component: {{ $.component }}
{{- end }}
{{- end -}}

{{/* Liveness asks the process alone; readiness asks for Redis and the store too. */}}
{{- define "onegin.probes" -}}
startupProbe:
  httpGet: { path: /health, port: {{ . }} }
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /health, port: {{ . }} }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: { path: /ready, port: {{ . }} }
  periodSeconds: 5
  timeoutSeconds: 5
{{- end -}}

{{- define "onegin.redisSecret" -}}
{{- if .Values.valkey.enabled -}}
{{- default (printf "%s-redis" (include "onegin.fullname" .)) .Values.valkey.existingSecret -}}
{{- else -}}
{{- required "externalRedis.existingSecret is required with valkey.enabled: false" .Values.externalRedis.existingSecret -}}
{{- end -}}
{{- end -}}

{{- define "onegin.s3Secret" -}}
{{- if .Values.objectStore.enabled -}}
{{- default (printf "%s-s3" (include "onegin.fullname" .)) .Values.objectStore.existingSecret -}}
{{- else -}}
{{- required "externalS3.existingSecret is required with objectStore.enabled: false" .Values.externalS3.existingSecret -}}
{{- end -}}
{{- end -}}

{{- define "onegin.s3Endpoint" -}}
{{- if .Values.objectStore.enabled -}}
http://{{ include "onegin.fullname" . }}-objectstore:9000
{{- else -}}
{{- required "externalS3.endpoint is required with objectStore.enabled: false" .Values.externalS3.endpoint -}}
{{- end -}}
{{- end -}}

{{- define "onegin.authSecret" -}}
{{- default (printf "%s-auth" (include "onegin.fullname" .)) .Values.auth.existingSecret -}}
{{- end -}}

{{/* Names with a dot under which the gateway is reached, separated by commas. */}}
{{- define "onegin.hostNames" -}}
{{- $service := printf "%s-gateway.%s" (include "onegin.fullname" .) .Release.Namespace -}}
{{- $names := list $service (printf "%s.svc" $service) (printf "%s.svc.cluster.local" $service) -}}
{{- if .Values.ingress.enabled }}{{ $names = append $names .Values.ingress.host }}{{ end -}}
{{- if .Values.gatewayApi.enabled }}{{ $names = concat $names .Values.gatewayApi.hostnames }}{{ end -}}
{{- join "," (concat $names .Values.auth.allowedHosts | uniq) -}}
{{- end -}}

{{/* Environment of every service. */}}
{{- define "onegin.env" -}}
- name: REDIS_URL
  valueFrom: { secretKeyRef: { name: {{ include "onegin.redisSecret" . }}, key: redis-url } }
- name: S3_ENDPOINT
  value: {{ include "onegin.s3Endpoint" . | quote }}
- name: S3_BUCKET
  value: {{ .Values.s3.bucket | quote }}
- name: S3_REGION
  value: {{ .Values.s3.region | quote }}
- name: S3_ACCESS_KEY
  valueFrom: { secretKeyRef: { name: {{ include "onegin.s3Secret" . }}, key: s3-access-key } }
- name: S3_SECRET_KEY
  valueFrom: { secretKeyRef: { name: {{ include "onegin.s3Secret" . }}, key: s3-secret-key } }
- name: LOG_LEVEL
  value: {{ .Values.logLevel }}
- name: SHUTDOWN_GRACE
  value: {{ .Values.shutdownGraceSeconds }}s
{{- end -}}

{{/* keda, hpa or none. */}}
{{- define "onegin.autoscaler" -}}
{{- if ne .Values.trainers.autoscaler "auto" -}}
{{- .Values.trainers.autoscaler -}}
{{- else if .Capabilities.APIVersions.Has "keda.sh/v1alpha1" -}}
keda
{{- else -}}
hpa
{{- end -}}
{{- end -}}

{{/* A secret's value as it is in the cluster, else a new random one: (dict "existing" $secret "key" "x" "length" 32). */}}
{{- define "onegin.kept" -}}
{{- $data := default (dict) (default (dict) .existing).data -}}
{{- if hasKey $data .key -}}
{{- index $data .key | b64dec -}}
{{- else -}}
{{- randAlphaNum (int .length) -}}
{{- end -}}
{{- end -}}


{{/* Alerts and dashboards know every service by the job `onegin`; by itself a monitor names each after its object. */}}
{{- define "onegin.relabelings" -}}
- { targetLabel: job, replacement: onegin }
{{- end -}}
